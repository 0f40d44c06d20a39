import { ServiceError } from '../service';

/**
 * Names: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html#API_PutMetricData_Errors
 * CloudWatch once spoke the query protocol. Clients that know it by the codes of that time find them in a header:
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
export function invalidValue(message: string): ServiceError {
  return refused('InvalidParameterValueException', 'InvalidParameterValue', message);
}

export function invalidCombination(message: string): ServiceError {
  return refused('InvalidParameterCombinationException', 'InvalidParameterCombination', message);
}

export function missingParameter(message: string): ServiceError {
  return refused('MissingRequiredParameterException', 'MissingParameter', message);
}

export function invalidToken(message: string): ServiceError {
  return refused('InvalidNextToken', 'InvalidNextToken', message);
}

/** What alarms and metric math are refused with. */
export function invalid(message: string): ServiceError {
  return refused('ValidationException', 'ValidationError', message);
}

export function alarmNotFound(name: string): ServiceError {
  return refused('ResourceNotFound', 'ResourceNotFound', `Unknown alarm: ${name}`, 404);
}

function refused(name: string, code: string, message: string, status = 400): ServiceError {
  return new ServiceError(name, message, status, {}, { 'x-amzn-query-error': `${code};Sender` });
}
