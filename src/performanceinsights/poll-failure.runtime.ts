import { describeFailure, SettlingError } from '../runtime/errors';
import { logger } from '../runtime/logger';

/**
 * Runs a call and answers `undefined` where it fails as calls fail, which a later run of the poller mends, or its user;
 * a defect of our own passes.
 */
export async function ifMended<T>(
  what: string,
  call: () => Promise<T>,
  failed: () => void = () => undefined,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!isFailureOfCall(error)) throw error;
    failed();
    logger.warn('failed', { reason: describeFailure(`${what} failed`, error) });
    return undefined;
  }
}

/** Errors of the service carry metadata, those of the network a code, and those of finding credentials a name. */
function isFailureOfCall(error: unknown): boolean {
  if (error instanceof SettlingError) return true;
  if (!(error instanceof Error)) return false;
  return '$metadata' in error || 'code' in error || ['CredentialsProviderError', 'TimeoutError'].includes(error.name);
}
