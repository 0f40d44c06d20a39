/** What Lambda answers to a synchronous invocation. */
export interface InvocationResult {
  /** JSON: what the handler returned, or the description of an error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

/** One run of a handler. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON. */
  readonly event: string;
  readonly timeoutSeconds: number;
  /** Services, as signatures name them, whose names do not resolve while this runs. */
  readonly unresolvable: readonly string[];
  /** Nobody waits for it: it must not move time. */
  readonly background?: boolean;
}

/** A line that a function printed. */
export interface LogLine {
  /** Virtual time in milliseconds. */
  readonly at: number;
  readonly functionName: string;
  readonly requestId?: string;
  readonly text: string;
}

export function failedInvocation(errorType: string, errorMessage: string): InvocationResult {
  return { functionError: 'Unhandled', payload: JSON.stringify({ errorType, errorMessage }) };
}
