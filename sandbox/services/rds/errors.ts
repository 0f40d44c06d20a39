import { ServiceError } from '../service';

/** Codes: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html and its neighbours. */
export function instanceNotFound(identifier: string): ServiceError {
  return new ServiceError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);
}

export function clusterNotFound(identifier: string): ServiceError {
  return new ServiceError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`, 404);
}

export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

export function invalidState(kind: 'Instance' | 'Cluster', identifier: string, status: string): ServiceError {
  const code = kind === 'Instance' ? 'InvalidDBInstanceState' : 'InvalidDBClusterStateFault';
  return new ServiceError(code, `${kind} ${identifier} is not in available state: it is ${status}`);
}

export function refused(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}
