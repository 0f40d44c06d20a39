import { AssumptionError, assumptionRemedy } from './assumption-error';
import { asAwsError } from './aws-error';
import { explainDenial, isNoted } from './denial-notes';

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
  // Answered with the status of a denial, but no permission helps.
  RegionDisabledException: 'final',
  UnrecognizedClientException: 'final',
  InvalidClientTokenId: 'final',
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
  return error instanceof AssumptionError && errorClass === 'denied' && ageMs < ROLE_PROPAGATION_MS;
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
    super(capped(message, MAX_MESSAGE_BYTES));
    this.name = 'SettlingError';
    // Lambda and the provider framework append the stack trace to the message, and CloudFormation takes 4,096 bytes in all.
    this.stack = this.message;
  }
}

/** The longest message that leaves room for the rest of a response of 4,096 bytes. */
const MAX_MESSAGE_BYTES = 2048;
/** The most of AWS's own words, so that the remedy behind them is not what is cut. */
const MAX_QUOTED_BYTES = 600;

function capped(message: string, maxBytes: number): string {
  const bytes = Buffer.from(message, 'utf8');
  if (bytes.length <= maxBytes) return message;
  const ellipsis = ' …';
  const kept = bytes.subarray(0, maxBytes - Buffer.byteLength(ellipsis)).toString('utf8');
  // A character cut in half decodes to the replacement character.
  return `${kept.replace(/\uFFFD+$/, '')}${ellipsis}`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html */
const UNKNOWN_TOKEN =
  'the region may not be enabled in this account: enable it, and let stsRegion of RoleAssumption be a region that is enabled';

const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  ServiceQuotaExceededException:
    'delete what is no longer needed, or ask for a higher quota in the Service Quotas console, and deploy again',
  UnrecognizedClientException: UNKNOWN_TOKEN,
  InvalidClientTokenId: UNKNOWN_TOKEN,
  ENOTFOUND: 'check that the service is offered in this region',
};

/** What happened, to which resource, and what to do about it. */
export function describeFailure(what: string, error: unknown): string {
  const { name, message, $metadata } = asAwsError(error);
  const requestId = $metadata?.requestId === undefined ? '' : ` (AWS request id ${$metadata.requestId})`;
  const remedy = remedyOf(error);
  return remedy === undefined
    ? `${what}: ${name}: ${message}${requestId}`
    : `${what}: ${name}: ${capped(message, MAX_QUOTED_BYTES)}${requestId}; ${remedy}`;
}

function remedyOf(error: unknown): string | undefined {
  const { name, code } = asAwsError(error);
  const denied = classify(error) === 'denied';
  const known = REMEDIES[name] ?? (code === undefined ? undefined : REMEDIES[code]);
  if (error instanceof AssumptionError) return assumptionRemedy(error, denied) ?? known;
  return known ?? (denied || isNoted(error) ? explainDenial(error) : undefined);
}
