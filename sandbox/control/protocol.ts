import type { Request } from './session';

/** Tells a control address from whatever else may listen on a port. */
export const CONTROL_TYPE = 'text/x-cdk-settled-sandbox';

/** The last line of an answer: all stacks ended well, or not. */
export const SUCCEEDED = '#succeeded';
export const FAILED = '#failed';
/** The line after which the answer says why the request could not be carried out. */
export const REFUSED = '#refused';

const COMMANDS: readonly unknown[] = ['deploy', 'destroy', 'inventory'] satisfies ReadonlyArray<Request['command']>;

/** Reads what came to a control address. */
export function parseRequest(text: string): Request {
  const request = parseJson(text);
  if (!COMMANDS.includes(request?.command)) {
    throw new Error(`the command must be one of ${COMMANDS.join(', ')}, got ${JSON.stringify(request?.command)}`);
  }
  return request as Request;
}

function parseJson(text: string): Partial<Request> | null {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the request is not JSON');
  }
}
