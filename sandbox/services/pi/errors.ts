import { ServiceError } from '../service';

/** https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_GetResourceMetrics.html#API_GetResourceMetrics_Errors */
export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

/**
 * A resource without Performance Insights, or none at all: the sentence is the same.
 * Seen: https://github.com/zalando/rds-health/issues/6
 */
export function notAuthorized(resourceId: string, serviceType: string): ServiceError {
  return new ServiceError(
    'NotAuthorizedException',
    `The resource ${resourceId} for service type ${serviceType} is not authorized for this account`,
  );
}

/** Seen: https://github.com/aws-observability/observability-best-practices/issues/105 */
export function unknownGroup(group: string): ServiceError {
  return invalidArgument(`This group is not a known group: ${group} is not valid for current resource`);
}

/** The words are ours. */
export function unknownDimension(dimension: string, group?: string): ServiceError {
  const of = group === undefined ? 'current resource' : `group ${group}`;
  return invalidArgument(`This dimension is not a known dimension: ${dimension} is not valid for ${of}`);
}

/** The words are ours. */
export function unknownMetric(metric: string): ServiceError {
  return invalidArgument(`This metric is not a known metric: ${metric} is not valid for current resource`);
}
