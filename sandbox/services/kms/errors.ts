import { ServiceError } from '../service';

/** Codes of KMS: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#API_Sign_Errors */
export function notFound(message: string): ServiceError {
  return new ServiceError('NotFoundException', message);
}

export function invalidState(arn: string, state: string): ServiceError {
  return new ServiceError('KMSInvalidStateException', `${arn} is ${state}.`);
}

export function disabled(arn: string): ServiceError {
  return new ServiceError('DisabledException', `${arn} is disabled.`);
}

export function wrongUsage(message: string): ServiceError {
  return new ServiceError('InvalidKeyUsageException', message);
}

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
