import { ServiceError } from '../service';

/** Codes: https://docs.aws.amazon.com/privateca/latest/APIReference/API_IssueCertificate.html#API_IssueCertificate_Errors */
export function notFound(what: string, arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Could not find ${what} ${arn}.`);
}

export function malformedCsr(message: string): ServiceError {
  return new ServiceError('MalformedCSRException', message);
}

export function invalidArgs(message: string): ServiceError {
  return new ServiceError('InvalidArgsException', message);
}

export function inProgress(): ServiceError {
  return new ServiceError('RequestInProgressException', 'The request to issue the certificate is still in progress.');
}
