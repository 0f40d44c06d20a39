import { ServiceError } from '../service';

/**
 * The errors that Macie Classic's model documents; internal failures come from planned faults. Messages that others saw
 * begin with this sentence, so ours do too.
 */
const REJECTED = 'The request was rejected.';

export function invalidInput(fact: string, fieldName?: string): ServiceError {
  return new ServiceError(
    'InvalidInputException',
    `${REJECTED} ${fact}`,
    400,
    fieldName === undefined ? {} : { fieldName },
  );
}

export function accessDenied(fact: string): ServiceError {
  return new ServiceError('AccessDeniedException', `${REJECTED} ${fact}`);
}

export function limitExceeded(fact: string, resourceType: string): ServiceError {
  return new ServiceError('LimitExceededException', `${REJECTED} ${fact}`, 400, { resourceType });
}

/** Why one S3 resource of a request failed. Its code is longer than the ten characters of the model, as others saw it. */
export interface ItemFailure {
  readonly code: string;
  readonly message: string;
}

export function itemFailure(fact: string, code = 'InvalidInputException'): ItemFailure {
  return { code, message: `${REJECTED} ${fact}` };
}
