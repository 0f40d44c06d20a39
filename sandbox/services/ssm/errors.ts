import { ServiceError } from '../service';

/** Codes: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors */
export function refused(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export function parameterNotFound(name: string): ServiceError {
  return new ServiceError('ParameterNotFound', `parameter ${name} not found`);
}

export function unknownResource(id: string): ServiceError {
  return new ServiceError('InvalidResourceId', `the resource ID ${id} is not valid`);
}
