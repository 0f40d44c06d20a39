import { ServiceError } from '../service';

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}

export function notFound(what: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `${what} does not exist.`, 404);
}

export function conflict(what: string): ServiceError {
  return new ServiceError('ConflictException', `${what} already exists.`, 409);
}
