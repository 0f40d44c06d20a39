import type { ServiceModel } from '../../model/model';

const COMMON_ERRORS = [
  'InternalErrorException',
  'InvalidParameterException',
  'NotAuthorizedException',
  'ResourceNotFoundException',
  'TooManyRequestsException',
];

const GUEST_ERRORS = [...COMMON_ERRORS, 'ExternalServiceException', 'ResourceConflictException'];

/**
 * Written by hand from the pages of its operations in https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/: of
 * DescribeIdentityPool the members that a pool of the sandbox can have.
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
      errors: COMMON_ERRORS,
    },
    GetCredentialsForIdentity: {
      input: 'GetCredentialsForIdentityInput',
      output: 'GetCredentialsForIdentityResponse',
      errors: [...GUEST_ERRORS, 'InvalidIdentityPoolConfigurationException'],
    },
    GetId: {
      input: 'GetIdInput',
      output: 'GetIdResponse',
      errors: [...GUEST_ERRORS, 'LimitExceededException'],
    },
    GetOpenIdToken: {
      input: 'GetOpenIdTokenInput',
      output: 'GetOpenIdTokenResponse',
      errors: GUEST_ERRORS,
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
    GetCredentialsForIdentityInput: {
      type: 'structure',
      members: {
        IdentityId: { shape: 'IdentityId' },
        Logins: { shape: 'LoginsMap' },
        CustomRoleArn: { shape: 'ARNString' },
      },
      required: ['IdentityId'],
    },
    GetCredentialsForIdentityResponse: {
      type: 'structure',
      members: { IdentityId: { shape: 'IdentityId' }, Credentials: { shape: 'Credentials' } },
    },
    GetIdInput: {
      type: 'structure',
      members: {
        AccountId: { shape: 'AccountId' },
        IdentityPoolId: { shape: 'IdentityPoolId' },
        Logins: { shape: 'LoginsMap' },
      },
      required: ['IdentityPoolId'],
    },
    GetIdResponse: { type: 'structure', members: { IdentityId: { shape: 'IdentityId' } } },
    GetOpenIdTokenInput: {
      type: 'structure',
      members: { IdentityId: { shape: 'IdentityId' }, Logins: { shape: 'LoginsMap' } },
      required: ['IdentityId'],
    },
    GetOpenIdTokenResponse: {
      type: 'structure',
      members: { IdentityId: { shape: 'IdentityId' }, Token: { shape: 'String' } },
    },
    Credentials: {
      type: 'structure',
      members: {
        AccessKeyId: { shape: 'String' },
        SecretKey: { shape: 'String' },
        SessionToken: { shape: 'String' },
        Expiration: { shape: 'Timestamp' },
      },
    },
    LoginsMap: { type: 'map', key: 'IdentityProviderName', value: 'IdentityProviderToken', max: 10 },
    IdentityProviderName: { type: 'string', min: 1, max: 128 },
    IdentityProviderToken: { type: 'string', min: 1, max: 50_000 },
    AccountId: { type: 'string', min: 1, max: 15, pattern: '^(?:\\d+)$' },
    ARNString: { type: 'string', min: 20, max: 2_048 },
    IdentityId: { type: 'string', min: 1, max: 55, pattern: '^(?:[\\w-]+:[0-9a-f-]+)$' },
    Timestamp: { type: 'timestamp' },
    IdentityPoolId: { type: 'string', min: 1, max: 55, pattern: '^(?:[\\w-]+:[0-9a-f-]+)$' },
    IdentityPoolName: { type: 'string', min: 1, max: 128, pattern: '^(?:[\\w\\s+=,.@-]+)$' },
    Boolean: { type: 'boolean' },
    String: { type: 'string' },
    ExternalServiceException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    InvalidIdentityPoolConfigurationException: {
      type: 'structure',
      members: { message: { shape: 'String' } },
      httpStatus: 400,
    },
    LimitExceededException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    ResourceConflictException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 409 },
    InternalErrorException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 500 },
    InvalidParameterException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    NotAuthorizedException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    ResourceNotFoundException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
    TooManyRequestsException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 400 },
  },
};
