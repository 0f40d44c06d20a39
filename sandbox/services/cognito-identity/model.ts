import type { ServiceModel } from '../../model/model';

/**
 * DescribeIdentityPool, written by hand from
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html: the members that a
 * pool of the sandbox can have.
 */
export const model: ServiceModel = {
  signingName: 'cognito-identity',
  protocol: 'aws-json',
  jsonVersion: '1.1',
  targetPrefix: 'AWSCognitoIdentityService',
  apiVersion: '2014-06-30',
  operations: {
    DescribeIdentityPool: {
      input: 'DescribeIdentityPoolInput',
      output: 'IdentityPool',
      errors: [
        'InternalErrorException',
        'InvalidParameterException',
        'NotAuthorizedException',
        'ResourceNotFoundException',
        'TooManyRequestsException',
      ],
    },
  },
  shapes: {
    DescribeIdentityPoolInput: {
      type: 'structure',
      members: { IdentityPoolId: { shape: 'IdentityPoolId' } },
      required: ['IdentityPoolId'],
    },
    IdentityPool: {
      type: 'structure',
      members: {
        IdentityPoolId: { shape: 'IdentityPoolId' },
        IdentityPoolName: { shape: 'IdentityPoolName' },
        AllowUnauthenticatedIdentities: { shape: 'Boolean' },
        AllowClassicFlow: { shape: 'Boolean' },
      },
      required: ['IdentityPoolId', 'IdentityPoolName', 'AllowUnauthenticatedIdentities'],
    },
    IdentityPoolId: { type: 'string', min: 1, max: 55, pattern: '^(?:[\\w-]+:[0-9a-f-]+)$' },
    IdentityPoolName: { type: 'string', min: 1, max: 128, pattern: '^(?:[\\w\\s+=,.@-]+)$' },
    Boolean: { type: 'boolean' },
    String: { type: 'string' },
    InternalErrorException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 500 },
    InvalidParameterException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    NotAuthorizedException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    ResourceNotFoundException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    TooManyRequestsException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
  },
};
