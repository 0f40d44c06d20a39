/**
 * What an error of an AWS call means for the loop.
 *
 * - `retryable`: nothing happened; the same call may be made again later.
 * - `ambiguous`: it may or may not have happened; look again, later, before acting.
 * - `absent`: what was asked for does not exist.
 * - `denied`: the caller lacks a permission.
 * - `final`: repeating it cannot help.
 */
export type ErrorClass = 'retryable' | 'ambiguous' | 'absent' | 'denied' | 'final';

/** The one table: by error name first, then by node's error code, then by HTTP status. */
const BY_NAME: Readonly<Record<string, ErrorClass>> = {
  ThrottlingException: 'retryable',
  Throttling: 'retryable',
  ThrottledException: 'retryable',
  TooManyRequestsException: 'retryable',
  RequestLimitExceeded: 'retryable',
  RequestThrottled: 'retryable',
  RequestThrottledException: 'retryable',
  SlowDown: 'retryable',
  PriorRequestNotComplete: 'retryable',
  // Credentials are fetched anew in the next invocation.
  ExpiredToken: 'retryable',
  ExpiredTokenException: 'retryable',
  // A mutating call may have found its own earlier effect, whose answer was lost, or another operation under way.
  ConflictException: 'ambiguous',
  InternalServerException: 'ambiguous',
  InternalFailure: 'ambiguous',
  InternalError: 'ambiguous',
  ServiceUnavailable: 'ambiguous',
  ServiceUnavailableException: 'ambiguous',
  TimeoutError: 'ambiguous',
  RequestTimeout: 'ambiguous',
  RequestTimeoutException: 'ambiguous',
  ResourceNotFoundException: 'absent',
  NotFoundException: 'absent',
  NoSuchEntity: 'absent',
  NoSuchEntityException: 'absent',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  NotAuthorizedException: 'denied',
  CloudHsmInternalFailureException: 'ambiguous',
  CloudHsmResourceNotFoundException: 'absent',
  CloudHsmAccessDeniedException: 'denied',
  // CodeBuild has no free place for a build now.
  AccountLimitExceededException: 'retryable',
  ServiceQuotaExceededException: 'final',
  LimitExceededException: 'final',
};

const BY_NODE_CODE: Readonly<Record<string, ErrorClass>> = {
  // Not sent.
  ECONNREFUSED: 'retryable',
  EAI_AGAIN: 'retryable',
  EHOSTUNREACH: 'retryable',
  ENETUNREACH: 'retryable',
  // No such host: the service does not exist in this region (any more).
  ENOTFOUND: 'final',
  // Perhaps sent.
  ECONNRESET: 'ambiguous',
  ECONNABORTED: 'ambiguous',
  EPIPE: 'ambiguous',
  ETIMEDOUT: 'ambiguous',
};

function byStatus(status: number | undefined): ErrorClass | undefined {
  if (status === undefined) return undefined;
  // It succeeded, but the answer could not be read.
  if (status < 300) return 'ambiguous';
  if (status === 429) return 'retryable';
  if (status >= 500) return 'ambiguous';
  if (status === 404) return 'absent';
  if (status === 403) return 'denied';
  return 'final';
}

export function classify(error: unknown): ErrorClass {
  const { name, code, $metadata } = asAwsError(error);
  return (
    BY_NAME[name] ??
    (code === undefined ? undefined : BY_NODE_CODE[code]) ??
    byStatus($metadata?.httpStatusCode) ??
    'final'
  );
}

/** A new role's trust and permissions take up to a minute to spread; only AssumeRole is repeated for that. */
const ROLE_PROPAGATION_MS = 60_000;

/** Whether to look again later; `ageMs` is the age of the run. */
export function isTransient(error: unknown, ageMs: number): boolean {
  const errorClass = classify(error);
  if (errorClass === 'retryable' || errorClass === 'ambiguous') return true;
  return errorClass === 'denied' && ageMs < ROLE_PROPAGATION_MS && asAwsError(error).message.includes('sts:AssumeRole');
}

/** Runs a read and answers `undefined` where AWS says that the thing does not exist; other errors pass. */
export async function ifPresent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (classify(error) === 'absent') return undefined;
    throw error;
  }
}

/** A failure that a user reads in the stack's events. */
export class SettlingError extends Error {
  constructor(message: string) {
    super(capped(message));
    this.name = 'SettlingError';
    // Lambda and the provider framework append the stack trace to the message, and CloudFormation takes 4,096 bytes in all.
    this.stack = this.message;
  }
}

/** The longest message that leaves room for the rest of a response of 4,096 bytes. */
const MAX_MESSAGE_BYTES = 2048;

function capped(message: string): string {
  const bytes = Buffer.from(message, 'utf8');
  if (bytes.length <= MAX_MESSAGE_BYTES) return message;
  const ellipsis = ' …';
  const kept = bytes.subarray(0, MAX_MESSAGE_BYTES - Buffer.byteLength(ellipsis)).toString('utf8');
  // A character cut in half decodes to the replacement character.
  return `${kept.replace(/\uFFFD+$/, '')}${ellipsis}`;
}

const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  ServiceQuotaExceededException:
    'delete what is no longer needed, or ask for a higher quota in the Service Quotas console, and deploy again',
  ENOTFOUND: 'check that the service is offered in this region',
};

/** What happened, to which resource, and what to do about it. */
export function describeFailure(what: string, error: unknown): string {
  const { name, message, code, $metadata } = asAwsError(error);
  const requestId = $metadata?.requestId === undefined ? '' : ` (AWS request id ${$metadata.requestId})`;
  const remedy = REMEDIES[name] ?? (code === undefined ? undefined : REMEDIES[code]) ?? remedyOfClass(classify(error));
  return `${what}: ${name}: ${message}${requestId}${remedy === undefined ? '' : `; ${remedy}`}`;
}

function remedyOfClass(errorClass: ErrorClass): string | undefined {
  return errorClass === 'denied'
    ? 'grant this action to the role that made the call, or look for a service control policy or permissions boundary that denies it'
    : undefined;
}

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

function asAwsError(error: unknown): AwsError {
  return error instanceof Error ? (error as AwsError) : { name: 'Error', message: String(error) };
}
