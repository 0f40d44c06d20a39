import type { ServiceModel } from '../../model/model';
import { errors, list, map, SCALARS, structure, text } from '../../model/shapes';

/**
 * Written by hand from https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html and
 * API_DescribeSecret.html.
 */
export const model: ServiceModel = {
  signingName: 'secretsmanager',
  protocol: 'aws-json',
  jsonVersion: '1.1',
  targetPrefix: 'secretsmanager',
  apiVersion: '2017-10-17',
  operations: {
    GetSecretValue: {
      input: 'GetSecretValueRequest',
      output: 'GetSecretValueResponse',
      errors: [
        'DecryptionFailure',
        'InternalServiceError',
        'InvalidParameterException',
        'InvalidRequestException',
        'ResourceNotFoundException',
      ],
    },
    DescribeSecret: {
      input: 'DescribeSecretRequest',
      output: 'DescribeSecretResponse',
      errors: ['InternalServiceError', 'InvalidParameterException', 'ResourceNotFoundException'],
    },
  },
  shapes: {
    ...SCALARS,
    ...errors(
      ['DecryptionFailure', 'InvalidParameterException', 'InvalidRequestException', 'ResourceNotFoundException'],
      400,
      'Message',
    ),
    ...errors(['InternalServiceError'], 500, 'Message'),
    SecretId: text(1, 2048),
    VersionId: text(32, 64),
    VersionStage: text(1, 256),
    GetSecretValueRequest: structure({ SecretId: 'SecretId', VersionId: 'VersionId', VersionStage: 'VersionStage' }, [
      'SecretId',
    ]),
    GetSecretValueResponse: structure({
      ARN: 'Text',
      Name: 'Text',
      VersionId: 'Text',
      SecretString: 'Text',
      VersionStages: 'TextList',
      CreatedDate: 'Time',
    }),
    TextList: list('Text'),
    DescribeSecretRequest: structure({ SecretId: 'SecretId' }, ['SecretId']),
    DescribeSecretResponse: structure({
      ARN: 'Text',
      Name: 'Text',
      Description: 'Text',
      KmsKeyId: 'Text',
      CreatedDate: 'Time',
      LastChangedDate: 'Time',
      RotationEnabled: 'Flag',
      Tags: 'TagList',
      VersionIdsToStages: 'StageMap',
    }),
    StageMap: map('TextList'),
    TagList: list('Tag'),
    Tag: structure({ Key: 'Text', Value: 'Text' }),
  },
};
