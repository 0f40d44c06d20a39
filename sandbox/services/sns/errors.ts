import { ServiceError } from '../service';

/** Codes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
export function topicNotFound(): ServiceError {
  return new ServiceError('NotFound', 'Topic does not exist', 404);
}

export function subscriptionNotFound(): ServiceError {
  return new ServiceError('NotFound', 'Subscription does not exist', 404);
}

export function invalidParameter(what: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${what}`);
}

export function notAuthorized(who: string, action: string, resource: string): ServiceError {
  const message = `${who} is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action`;
  return new ServiceError('AuthorizationError', message, 403);
}
