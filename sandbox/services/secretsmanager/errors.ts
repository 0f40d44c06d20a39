import { ServiceError } from '../service';

/** Codes: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors */
export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function secretNotFound(): ServiceError {
  return notFound("Secrets Manager can't find the specified secret.");
}

export function refused(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
