import type { ServiceModel } from '../../model/model';
import { choice, errors, SCALARS, structure, text } from '../../model/shapes';

/** Written by hand from https://docs.aws.amazon.com/privateca/latest/APIReference/API_IssueCertificate.html and its neighbours. */
export const model: ServiceModel = {
  signingName: 'acm-pca',
  protocol: 'aws-json',
  jsonVersion: '1.1',
  targetPrefix: 'ACMPrivateCA',
  apiVersion: '2017-08-22',
  operations: {
    IssueCertificate: {
      input: 'IssueCertificateRequest',
      output: 'IssueCertificateResponse',
      errors: [
        'InvalidArgsException',
        'InvalidArnException',
        'InvalidStateException',
        'LimitExceededException',
        'MalformedCSRException',
        'ResourceNotFoundException',
      ],
    },
    GetCertificate: {
      input: 'GetCertificateRequest',
      output: 'CertificateResponse',
      errors: [
        'InvalidArnException',
        'InvalidStateException',
        'RequestFailedException',
        'RequestInProgressException',
        'ResourceNotFoundException',
      ],
    },
    GetCertificateAuthorityCertificate: {
      input: 'AuthorityRequest',
      output: 'CertificateResponse',
      errors: ['InvalidArnException', 'InvalidStateException', 'ResourceNotFoundException'],
    },
  },
  shapes: {
    ...SCALARS,
    ...errors([
      'InvalidArgsException',
      'InvalidArnException',
      'InvalidStateException',
      'LimitExceededException',
      'MalformedCSRException',
      'RequestFailedException',
      'RequestInProgressException',
      'ResourceNotFoundException',
    ]),
    Arn: text(5, 200, 'arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]*:[\\w+=,.@-]+(/[\\w+=,.@-]+)*'),
    TemplateArn: text(5, 200, 'arn:[\\w+=/,.@-]+:acm-pca:::[\\w+=,.@-]+(/[\\w+=,.@-]+)*'),
    IdempotencyToken: text(1, 36, '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]*'),
    SigningAlgorithm: choice(
      'SHA256WITHECDSA',
      'SHA384WITHECDSA',
      'SHA512WITHECDSA',
      'SHA256WITHRSA',
      'SHA384WITHRSA',
      'SHA512WITHRSA',
    ),
    ValidityType: choice('END_DATE', 'ABSOLUTE', 'DAYS', 'MONTHS', 'YEARS'),
    ValidityValue: { type: 'long', min: 1 },
    Validity: structure({ Value: 'ValidityValue', Type: 'ValidityType' }, ['Value', 'Type']),
    Passthrough: structure({}),
    IssueCertificateRequest: structure(
      {
        CertificateAuthorityArn: 'Arn',
        Csr: 'Bytes',
        SigningAlgorithm: 'SigningAlgorithm',
        TemplateArn: 'TemplateArn',
        Validity: 'Validity',
        ValidityNotBefore: 'Validity',
        IdempotencyToken: 'IdempotencyToken',
        ApiPassthrough: 'Passthrough',
      },
      ['CertificateAuthorityArn', 'Csr', 'SigningAlgorithm', 'Validity'],
    ),
    IssueCertificateResponse: structure({ CertificateArn: 'Text' }),
    GetCertificateRequest: structure({ CertificateAuthorityArn: 'Arn', CertificateArn: 'Arn' }, [
      'CertificateAuthorityArn',
      'CertificateArn',
    ]),
    AuthorityRequest: structure({ CertificateAuthorityArn: 'Arn' }, ['CertificateAuthorityArn']),
    CertificateResponse: structure({ Certificate: 'Text', CertificateChain: 'Text' }),
  },
};
