import { ServiceError } from '../service';

/** The errors that Macie's model documents; internal failures come from planned faults. */
export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404);
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ConflictException', message, 409);
}

export function quotaExceeded(message: string): ServiceError {
  return new ServiceError('ServiceQuotaExceededException', message, 402);
}

export function throttled(message: string): ServiceError {
  return new ServiceError('ThrottlingException', message, 429);
}

export function accessDenied(message: string): ServiceError {
  return new ServiceError('AccessDeniedException', message, 403);
}
