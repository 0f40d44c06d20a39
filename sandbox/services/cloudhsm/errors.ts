import { ServiceError } from '../service';

/** The errors that CloudHSM's model documents; internal failures come from planned faults. */
export function invalidRequest(message: string): ServiceError {
  return new ServiceError('CloudHsmInvalidRequestException', message);
}

export function notFound(kind: string, id: string): ServiceError {
  return new ServiceError('CloudHsmResourceNotFoundException', `${kind} '${id}' does not exist in this region`);
}

export function tagLimitExceeded(message: string): ServiceError {
  return new ServiceError('CloudHsmResourceLimitExceededException', message);
}

export function tagRefused(message: string): ServiceError {
  return new ServiceError('CloudHsmTagException', message);
}
