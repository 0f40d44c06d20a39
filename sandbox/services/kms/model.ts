import type { ServiceModel } from '../../model/model';
import { choice, errors, list, SCALARS, structure, text } from '../../model/shapes';
import { SIGNING_ALGORITHMS } from './specs';

/** What every operation documents. */
const COMMON = ['DependencyTimeoutException', 'InvalidArnException', 'KMSInternalException', 'NotFoundException'];
const USE = [
  'DisabledException',
  'DryRunOperationException',
  'InvalidKeyUsageException',
  'KMSInvalidStateException',
  'KeyUnavailableException',
];

/**
 * Written by hand from https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html and its neighbours. A message
 * has at most 4,096 bytes, which the validation of blobs does not check: {@link MESSAGE_BYTES} is for the operations.
 */
export const model: ServiceModel = {
  signingName: 'kms',
  protocol: 'aws-json',
  jsonVersion: '1.1',
  targetPrefix: 'TrentService',
  apiVersion: '2014-11-01',
  operations: {
    Sign: { input: 'SignRequest', output: 'SignResponse', errors: [...COMMON, ...USE] },
    Verify: {
      input: 'VerifyRequest',
      output: 'VerifyResponse',
      errors: [...COMMON, ...USE, 'KMSInvalidSignatureException'],
    },
    GetPublicKey: {
      input: 'KeyRequest',
      output: 'GetPublicKeyResponse',
      errors: [...COMMON, ...USE, 'UnsupportedOperationException'],
    },
    DescribeKey: { input: 'KeyRequest', output: 'DescribeKeyResponse', errors: COMMON },
  },
  shapes: {
    ...SCALARS,
    ...errors([
      'DisabledException',
      'InvalidArnException',
      'InvalidKeyUsageException',
      'KMSInvalidSignatureException',
      'KMSInvalidStateException',
      'NotFoundException',
      'UnsupportedOperationException',
    ]),
    ...errors(['DryRunOperationException'], 412),
    ...errors(['DependencyTimeoutException', 'KMSInternalException', 'KeyUnavailableException'], 500),
    KeyId: text(1, 2048),
    SigningAlgorithm: choice(...Object.keys(SIGNING_ALGORITHMS)),
    MessageType: choice('RAW', 'DIGEST'),
    SignRequest: structure(
      {
        KeyId: 'KeyId',
        Message: 'Bytes',
        MessageType: 'MessageType',
        SigningAlgorithm: 'SigningAlgorithm',
        DryRun: 'Flag',
      },
      ['KeyId', 'Message', 'SigningAlgorithm'],
    ),
    SignResponse: structure({ KeyId: 'Text', Signature: 'Bytes', SigningAlgorithm: 'Text' }),
    VerifyRequest: structure(
      {
        KeyId: 'KeyId',
        Message: 'Bytes',
        MessageType: 'MessageType',
        Signature: 'Bytes',
        SigningAlgorithm: 'SigningAlgorithm',
        DryRun: 'Flag',
      },
      ['KeyId', 'Message', 'Signature', 'SigningAlgorithm'],
    ),
    VerifyResponse: structure({ KeyId: 'Text', SignatureValid: 'Flag', SigningAlgorithm: 'Text' }),
    KeyRequest: structure({ KeyId: 'KeyId' }, ['KeyId']),
    GetPublicKeyResponse: structure({
      KeyId: 'Text',
      PublicKey: 'Bytes',
      CustomerMasterKeySpec: 'Text',
      KeySpec: 'Text',
      KeyUsage: 'Text',
      SigningAlgorithms: 'TextList',
      EncryptionAlgorithms: 'TextList',
    }),
    TextList: list('Text'),
    DescribeKeyResponse: structure({ KeyMetadata: 'KeyMetadata' }),
    KeyMetadata: structure({
      AWSAccountId: 'Text',
      Arn: 'Text',
      CreationDate: 'Time',
      CustomerMasterKeySpec: 'Text',
      DeletionDate: 'Time',
      Description: 'Text',
      Enabled: 'Flag',
      KeyId: 'Text',
      KeyManager: 'Text',
      KeySpec: 'Text',
      KeyState: 'Text',
      KeyUsage: 'Text',
      MultiRegion: 'Flag',
      Origin: 'Text',
      SigningAlgorithms: 'TextList',
    }),
  },
};

export const MESSAGE_BYTES = 4096;
