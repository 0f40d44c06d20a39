import { CONTROL_TYPE, FAILED, REFUSED, SUCCEEDED } from './protocol';
import type { Print, Request } from './session';

/**
 * Has a sandbox that runs elsewhere on this machine carry out a request. Answers whether all stacks ended well; rejects
 * with the reason what could not be begun.
 */
export async function askRunning(address: string, request: Request, print: Print): Promise<boolean> {
  const response = await post(address, request);
  if (response.headers.get('content-type') !== CONTROL_TYPE) {
    throw new Error(
      `${address} is not the control address of a sandbox: serve prints that as "control address" when it starts`,
    );
  }
  let end: string | undefined;
  const reason: string[] = [];
  for await (const line of linesOf(response, address)) {
    if (end === REFUSED) reason.push(line);
    else if (ENDS.includes(line)) end = line;
    else print(line);
  }
  if (end === undefined) throw endedEarly(address);
  if (end === REFUSED) throw new Error(reason.join('\n'));
  return end === SUCCEEDED;
}

const ENDS = [SUCCEEDED, FAILED, REFUSED];

function post(address: string, request: Request): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(address, { method: 'POST', headers, body: JSON.stringify(request) }).catch((error: Error) => {
    const cause = (error.cause ?? error) as NodeJS.ErrnoException;
    throw new Error(
      `no sandbox answers at ${address} (${cause.code ?? cause.message}); start one with: npm run sandbox -- serve`,
    );
  });
}

async function* linesOf(response: Response, address: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    throw endedEarly(address);
  }
}

function endedEarly(address: string): Error {
  return new Error(`the sandbox at ${address} ended before it was done`);
}
