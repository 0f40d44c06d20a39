import { ServiceError } from '../service';

/** The errors that RUM's model documents; throttling and internal errors also come from planned faults. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}

export function notFound(resourceType: string, resourceName: string): ServiceError {
  const message = `${resourceType} ${resourceName} does not exist`;
  return new ServiceError('ResourceNotFoundException', message, 404, { resourceName, resourceType });
}

export function conflict(resourceType: string, resourceName: string, problem: string): ServiceError {
  const message = `${resourceType} ${resourceName} ${problem}`;
  return new ServiceError('ConflictException', message, 409, { resourceName, resourceType });
}

export function quotaExceeded(message: string): ServiceError {
  return new ServiceError('ServiceQuotaExceededException', message, 402);
}

export function throttled(message: string): ServiceError {
  return new ServiceError('ThrottlingException', message, 429, { serviceCode: 'rum' }, { 'Retry-After': '1' });
}

export function policyNotFound(monitor: string): ServiceError {
  return new ServiceError('PolicyNotFoundException', `app monitor ${monitor} has no resource policy`, 404);
}

export function malformedPolicy(problem: string): ServiceError {
  return new ServiceError('MalformedPolicyDocumentException', problem, 400);
}

export function policyTooLarge(message: string): ServiceError {
  return new ServiceError('PolicySizeLimitExceededException', message, 400);
}

export function wrongPolicyRevision(message: string): ServiceError {
  return new ServiceError('InvalidPolicyRevisionIdException', message, 400);
}
