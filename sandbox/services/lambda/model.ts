import type { ServiceModel } from '../../model/model';

/**
 * The operations of Lambda that functions call of each other.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and API_GetFunction.html
 */
export const lambdaModel: ServiceModel = {
  signingName: 'lambda',
  protocol: 'rest-json',
  apiVersion: '2015-03-31',
  operations: {
    Invoke: {
      method: 'POST',
      uri: '/2015-03-31/functions/{FunctionName}/invocations',
      input: 'InvocationRequest',
      output: 'InvocationResponse',
      errors: [
        'AccessDeniedException',
        'InvalidParameterValueException',
        'InvalidRequestContentException',
        'RequestTooLargeException',
        'ResourceNotFoundException',
        'ServiceException',
        'TooManyRequestsException',
      ],
    },
    GetFunction: {
      method: 'GET',
      uri: '/2015-03-31/functions/{FunctionName}',
      input: 'GetFunctionRequest',
      output: 'GetFunctionResponse',
      errors: ['ResourceNotFoundException', 'ServiceException', 'TooManyRequestsException'],
    },
  },
  shapes: {
    InvocationRequest: {
      type: 'structure',
      required: ['FunctionName'],
      payload: 'Payload',
      members: {
        FunctionName: { shape: 'NamespacedFunctionName', location: 'uri', locationName: 'FunctionName' },
        Qualifier: { shape: 'Qualifier', location: 'querystring', locationName: 'Qualifier' },
        InvocationType: { shape: 'InvocationType', location: 'header', locationName: 'X-Amz-Invocation-Type' },
        LogType: { shape: 'LogType', location: 'header', locationName: 'X-Amz-Log-Type' },
        ClientContext: { shape: 'String', location: 'header', locationName: 'X-Amz-Client-Context' },
        Payload: { shape: 'Blob' },
      },
    },
    InvocationResponse: {
      type: 'structure',
      payload: 'Payload',
      members: {
        StatusCode: { shape: 'Integer', location: 'statusCode' },
        FunctionError: { shape: 'String', location: 'header', locationName: 'X-Amz-Function-Error' },
        ExecutedVersion: { shape: 'String', location: 'header', locationName: 'X-Amz-Executed-Version' },
        Payload: { shape: 'Blob' },
      },
    },
    GetFunctionRequest: {
      type: 'structure',
      required: ['FunctionName'],
      members: {
        FunctionName: { shape: 'NamespacedFunctionName', location: 'uri', locationName: 'FunctionName' },
        Qualifier: { shape: 'Qualifier', location: 'querystring', locationName: 'Qualifier' },
      },
    },
    GetFunctionResponse: {
      type: 'structure',
      members: {
        Configuration: { shape: 'FunctionConfiguration' },
        Code: { shape: 'FunctionCodeLocation' },
        Tags: { shape: 'StringMap' },
      },
    },
    FunctionConfiguration: {
      type: 'structure',
      members: {
        FunctionName: { shape: 'String' },
        FunctionArn: { shape: 'String' },
        Runtime: { shape: 'String' },
        Role: { shape: 'String' },
        Handler: { shape: 'String' },
        Timeout: { shape: 'Integer' },
        MemorySize: { shape: 'Integer' },
        LastModified: { shape: 'String' },
        Version: { shape: 'String' },
        Environment: { shape: 'EnvironmentResponse' },
        State: { shape: 'String' },
        LastUpdateStatus: { shape: 'String' },
        PackageType: { shape: 'String' },
      },
    },
    EnvironmentResponse: { type: 'structure', members: { Variables: { shape: 'StringMap' } } },
    FunctionCodeLocation: {
      type: 'structure',
      members: { RepositoryType: { shape: 'String' }, Location: { shape: 'String' } },
    },
    NamespacedFunctionName: {
      type: 'string',
      min: 1,
      max: 170,
      pattern:
        '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
    },
    Qualifier: { type: 'string', min: 1, max: 128, pattern: '(|[a-zA-Z0-9$_-]+)' },
    InvocationType: { type: 'string', values: ['Event', 'RequestResponse', 'DryRun'] },
    LogType: { type: 'string', values: ['None', 'Tail'] },
    String: { type: 'string' },
    StringMap: { type: 'map', key: 'String', value: 'String' },
    Integer: { type: 'integer' },
    Blob: { type: 'blob' },
    AccessDeniedException: error(403),
    InvalidParameterValueException: error(400),
    InvalidRequestContentException: error(400),
    RequestTooLargeException: error(413),
    ResourceNotFoundException: error(404),
    ServiceException: error(500),
    TooManyRequestsException: error(429, { Reason: { shape: 'String' } }),
  },
};

function error(httpStatus: number, members: Record<string, { readonly shape: string }> = {}) {
  return {
    type: 'structure',
    httpStatus,
    members: { Type: { shape: 'String' }, message: { shape: 'String' }, ...members },
  } as const;
}
