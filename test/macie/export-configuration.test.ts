import { CfnParameter, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClassificationExportConfiguration, type ClassificationExportConfigurationProps } from '../../src/macie';
import { RoleAssumption } from '../../src/sts';
import { CLASSIFICATION_EXPORT, warningsOf } from '../support/macie';
import { filledIn, IRELAND, type Json, messageOf, onlyResource, testApp, testStack } from '../support/synthesis';

function configured(props: Partial<ClassificationExportConfigurationProps> = {}, stack: Stack = testStack()): Template {
  new ClassificationExportConfiguration(stack, 'Results', {
    bucket: new s3.Bucket(stack, 'Bucket'),
    encryptionKey: new kms.Key(stack, 'Key'),
    ...props,
  });
  return Template.fromStack(stack);
}

/** The statements for Macie in the policy of the bucket or of the key. */
function statements(template: Template, type: string, property: string): Json[] {
  const { Statement } = filledIn(onlyResource(template, type).Properties[property]);
  return Statement.filter(({ Principal }: Json) => Principal.Service === 'macie.amazonaws.com');
}

function bucketStatements(template: Template): Json[] {
  return statements(template, 'AWS::S3::BucketPolicy', 'PolicyDocument');
}

const ON_BEHALF = {
  StringEquals: { 'aws:SourceAccount': '111111111111' },
  ArnLike: {
    'aws:SourceArn': [
      'arn:aws:macie2:eu-west-1:111111111111:export-configuration:*',
      'arn:aws:macie2:eu-west-1:111111111111:classification-job/*',
    ],
  },
};
const MACIE = { Effect: 'Allow', Principal: { Service: 'macie.amazonaws.com' }, Condition: ON_BEHALF };

describe('the results of classification', () => {
  test('go to a bucket, encrypted with a key', () => {
    expect(filledIn(onlyResource(configured(), CLASSIFICATION_EXPORT).Properties)).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      BucketName: expect.stringMatching(/^\[Bucket/),
      KmsKeyArn: expect.stringMatching(/^\[Key.*\.Arn\]$/),
      ReplaceExisting: 'false',
    });
  });

  test('can go below a prefix, instead of where they went', () => {
    const template = configured({ keyPrefix: 'macie', replaceExisting: true });
    expect(onlyResource(template, CLASSIFICATION_EXPORT).Properties).toMatchObject({
      KeyPrefix: 'macie',
      ReplaceExisting: 'true',
    });
  });

  test('go on when the configuration is no longer in the stack, since Macie cannot remove it', () => {
    expect(onlyResource(configured(), CLASSIFICATION_EXPORT).DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('have no tags', () => {
    const stack = testStack();
    Tags.of(stack).add('team', 'web');
    expect(onlyResource(configured({}, stack), CLASSIFICATION_EXPORT).Properties).not.toHaveProperty('Tags');
  });
});

describe('Macie is let in', () => {
  test('by the bucket, on behalf of this account and region alone', () => {
    const bucket = expect.stringMatching(/^\[Bucket.*\.Arn\]$/);
    expect(bucketStatements(configured())).toEqual([
      { ...MACIE, Action: 's3:GetBucketLocation', Resource: bucket },
      { ...MACIE, Action: 's3:PutObject', Resource: expect.stringMatching(/^\[Bucket.*\.Arn\]\/\*$/) },
    ]);
  });

  test('by the key, in the same way', () => {
    expect(statements(configured(), 'AWS::KMS::Key', 'KeyPolicy')).toEqual([
      { ...MACIE, Action: ['kms:GenerateDataKey', 'kms:Encrypt'], Resource: '*' },
    ]);
  });

  test.each([
    ['macie', '/macie/*'],
    ['macie/', '/macie/*'],
    ['', '/*'],
  ])('below the prefix "%s" only', (keyPrefix, expected) => {
    const [, { Resource }] = bucketStatements(configured({ keyPrefix }));
    expect(Resource.replace(/^\[.*\]/, '')).toBe(expected);
  });

  test('below a prefix that is known at deployment only', () => {
    const stack = testStack();
    const keyPrefix = new CfnParameter(stack, 'Prefix').valueAsString;
    const [, { Resource }] = bucketStatements(configured({ keyPrefix }, stack));
    expect(Resource).toMatch(/\/\[Prefix\]\*$/);
  });

  test('on behalf of the account and region of a role', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/macie', { region: 'us-east-1' });
    const [{ Condition }] = bucketStatements(configured({ assumeRole }));
    expect(Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '222222222222' },
      ArnLike: {
        'aws:SourceArn': [
          'arn:aws:macie2:us-east-1:222222222222:export-configuration:*',
          'arn:aws:macie2:us-east-1:222222222222:classification-job/*',
        ],
      },
    });
  });

  test('before it is configured', () => {
    const template = configured();
    const [policy] = Object.keys(template.findResources('AWS::S3::BucketPolicy'));
    expect(onlyResource(template, CLASSIFICATION_EXPORT).DependsOn).toContain(policy);
  });

  test('by the user where bucket or key are imported, which a warning says', () => {
    const stack = testStack();
    configured(
      {
        bucket: s3.Bucket.fromBucketName(stack, 'ItsBucket', 'results'),
        encryptionKey: kms.Key.fromKeyArn(stack, 'ItsKey', 'arn:aws:kms:us-east-1:222222222222:key/abc'),
      },
      stack,
    );
    expect(warningsOf(stack)).toEqual([
      expect.stringMatching(
        /the policy of bucket cannot be changed from here.*\[ack: cdk-settled:macie-export-bucket-policy\]/,
      ),
      expect.stringMatching(/the policy of encryptionKey cannot .*\[ack: cdk-settled:macie-export-key-policy\]/),
    ]);
  });
});

describe('a configuration', () => {
  test('of own bucket and key warns of nothing', () => {
    const stack = testStack();
    configured({}, stack);
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([
    ['/macie', 'keyPrefix must not begin with a slash, got "/macie"'],
    ['ä'.repeat(513), 'keyPrefix must have at most 1024 bytes, got "1026 bytes"'],
  ])('cannot have a prefix such as %.10s', (keyPrefix, message) => {
    expect(messageOf(() => configured({ keyPrefix }))).toBe(`Stack/Results: ${message}`);
  });

  test('cannot have a key of another region than the bucket', () => {
    const app = testApp();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...IRELAND, region: 'us-east-1' } });
    const stack = new Stack(app, 'Stack', { env: IRELAND });
    const encryptionKey = new kms.Key(elsewhere, 'Key');
    expect(messageOf(() => configured({ encryptionKey }, stack))).toBe(
      'Stack/Results: encryptionKey must be in the region of the bucket, eu-west-1, got "us-east-1"',
    );
  });

  test('answers the name of its bucket', () => {
    const stack = testStack();
    const { bucketName } = new ClassificationExportConfiguration(stack, 'Results', {
      bucket: new s3.Bucket(stack, 'Bucket'),
      encryptionKey: new kms.Key(stack, 'Key'),
    });
    expect(stack.resolve(bucketName)['Fn::GetAtt'][1]).toBe('BucketName');
  });
});
