/** What the errors of the SDK, and those of the network below it, have in common. */
export interface AwsError {
  readonly name: string;
  readonly message: string;
  /** Node's, of an error of the network. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export function asAwsError(error: unknown): AwsError {
  return error instanceof Error ? (error as AwsError) : { name: 'Error', message: String(error) };
}
