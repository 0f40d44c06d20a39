import { FAILED, SUCCEEDED } from './server';
import type { Print, Request } from './session';

/** Has a sandbox that runs elsewhere on this machine carry out a request. Answers whether all stacks ended well. */
export async function askRunning(address: string, request: Request, print: Print): Promise<boolean> {
  const response = await fetch(address, { method: 'POST', body: JSON.stringify(request) }).catch((error: Error) => {
    throw new Error(`no sandbox answers at ${address} (${error.message}); start one with: npm run sandbox -- serve`);
  });
  let succeeded = false;
  for await (const line of linesOf(response)) {
    if (line === SUCCEEDED) succeeded = true;
    else if (line !== FAILED) print(line);
  }
  return succeeded;
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
