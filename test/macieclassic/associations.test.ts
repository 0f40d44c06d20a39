import { Aws, Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ContinuousClassification,
  MemberAccountAssociation,
  OneTimeClassification,
  S3ResourceAssociation,
  type S3ResourceAssociationProps,
  S3ResourceAssociations,
} from '../../src/macieclassic';
import { RoleAssumption } from '../../src/sts';
import { MEMBER_ACCOUNT, S3_RESOURCES } from '../support/macie';
import { filledIn, IRELAND, type Json, messageOf, onlyResource, testStack } from '../support/synthesis';

const MEMBER = '222222222222';
const TOKEN = Lazy.string({ produce: () => 'not valid anywhere: <>' });
const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::333333333333:role/macie');

function properties(stack: Stack, type: string): Json {
  return filledIn(onlyResource(Template.fromStack(stack), type).Properties);
}

/** The rendered entries of one association. */
function associated(props: S3ResourceAssociationProps): Json {
  const stack = testStack();
  new S3ResourceAssociation(stack, 'Association', props);
  return properties(stack, S3_RESOURCES).Resources;
}

describe('a member account', () => {
  test('is named to the handler, with where its record goes', () => {
    const stack = testStack();
    new MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER });
    expect(properties(stack, MEMBER_ACCOUNT)).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      MemberAccountId: MEMBER,
      RecordPrefix: '/cdk-settled/Stack/macie-classic/',
    });
  });

  test('answers its id and whether it was there before', () => {
    const stack = testStack();
    const member = new MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER });
    expect(
      stack.resolve([member.memberAccountId, member.preExisting]).map((value: Json) => value['Fn::GetAtt'][1]),
    ).toEqual(['MemberAccountId', 'PreExisting']);
  });

  test('is associated before what names it', () => {
    const stack = testStack();
    const { memberAccountId } = new MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER });
    new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs', memberAccountId });
    const { Properties } = onlyResource(Template.fromStack(stack), S3_RESOURCES);
    expect(Properties.MemberAccountId['Fn::GetAtt'][1]).toBe('MemberAccountId');
  });

  test.each(['', '12345678901', '1234567890123', '12345678901a', '1234-5678-9012'])('cannot be "%s"', (id) => {
    expect(messageOf(() => new MemberAccountAssociation(testStack(), 'Member', { memberAccountId: id }))).toBe(
      `Stack/Member: memberAccountId must be the 12 digits of an account, got "${id}"`,
    );
  });

  test.each([TOKEN, Aws.ACCOUNT_ID])('may be a token', (memberAccountId) => {
    expect(() => new MemberAccountAssociation(testStack(), 'Member', { memberAccountId })).not.toThrow();
  });
});

describe('an S3 resource', () => {
  test('is continuously classified, but not what is there already, unless told otherwise', () => {
    expect(associated({ bucketName: 'logs' })).toEqual([{ BucketName: 'logs', OneTime: 'NONE', Continuous: 'FULL' }]);
  });

  test('can be classified as a whole', () => {
    const classificationType = {
      oneTime: OneTimeClassification.FULL,
      continuous: ContinuousClassification.FULL,
    };
    expect(associated({ bucketName: 'logs', classificationType })).toEqual([
      { BucketName: 'logs', OneTime: 'FULL', Continuous: 'FULL' },
    ]);
  });

  test('can be a prefix', () => {
    expect(associated({ bucketName: 'logs', prefix: 'a/' })[0].Prefix).toBe('a/');
  });

  test('with an empty prefix is the whole bucket', () => {
    expect(associated({ bucketName: 'logs', prefix: '' })[0]).not.toHaveProperty('Prefix');
  });

  test('can be a bucket of the stack', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    new S3ResourceAssociation(stack, 'Association', { bucket });
    const [{ BucketName }] = onlyResource(Template.fromStack(stack), S3_RESOURCES).Properties.Resources;
    expect(BucketName).toEqual({ Ref: expect.stringMatching(/^Bucket/) });
  });

  test('has the account of a member, or none', () => {
    const stack = testStack();
    new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs', memberAccountId: MEMBER });
    expect(properties(stack, S3_RESOURCES)).toMatchObject({
      MemberAccountId: MEMBER,
      RecordPrefix: '/cdk-settled/Stack/macie-classic/',
    });
  });

  test('has no tags, which Macie Classic does not know', () => {
    const stack = testStack();
    new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs' });
    Tags.of(stack).add('team', 'web');
    expect(properties(stack, S3_RESOURCES)).not.toHaveProperty('Tags');
  });

  test('answers how many were there before', () => {
    const stack = testStack();
    const { preExistingCount } = new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs' });
    expect(stack.resolve(preExistingCount)['Fn::GetAtt'][1]).toBe('PreExisting');
  });

  const invalid: Array<[string, S3ResourceAssociationProps, string]> = [
    ['no bucket', {}, 'pass either bucket or bucketName, got neither'],
    [
      'two buckets',
      { bucketName: 'logs', bucket: s3.Bucket.fromBucketName(testStack(), 'Bucket', 'logs') },
      'pass either bucket or bucketName, got both',
    ],
    ['an empty name', { bucketName: '' }, 'bucketName must have 1 to 500 characters (it has 0), got ""'],
    [
      'a name of 501 characters',
      { bucketName: 'a'.repeat(501) },
      'bucketName must have 1 to 500 characters (it has 501)',
    ],
    ['a prefix of 10,001 characters', { bucketName: 'logs', prefix: 'a'.repeat(10_001) }, '(it has 10001)'],
    [
      'an account that is none',
      { bucketName: 'logs', memberAccountId: 'me' },
      'memberAccountId must be the 12 digits of an account, got "me"',
    ],
  ];
  test.each(invalid)('cannot have %s', (_, props, message) => {
    expect(messageOf(() => associated(props))).toContain(message);
  });

  test('can have the longest names and prefixes, and tokens', () => {
    expect(() => associated({ bucketName: 'a'.repeat(500), prefix: 'a'.repeat(10_000) })).not.toThrow();
    expect(() => associated({ bucketName: TOKEN, prefix: TOKEN, memberAccountId: TOKEN })).not.toThrow();
  });
});

describe('a set of S3 resources', () => {
  const thousand = Array.from({ length: 1000 }, (_, index) => ({
    bucketName: `a-bucket-with-quite-a-long-name-${`${index}`.padStart(4, '0')}`,
    prefix: 'incoming/',
  }));

  test('is one custom resource', () => {
    const stack = testStack();
    new S3ResourceAssociations(stack, 'Set', { resources: thousand, memberAccountId: MEMBER });
    expect(properties(stack, S3_RESOURCES).Resources).toHaveLength(1000);
  });

  test('answers how many there are and were before', () => {
    const stack = testStack();
    const set = new S3ResourceAssociations(stack, 'Set', { resources: thousand });
    expect(
      stack.resolve([set.resourceCount, set.preExistingCount]).map((value: Json) => value['Fn::GetAtt'][1]),
    ).toEqual(['Count', 'PreExisting']);
  });

  test('cannot be larger than what is delivered', () => {
    const resources = thousand.map(({ bucketName }) => ({ bucketName, prefix: 'a'.repeat(50) }));
    expect(messageOf(() => new S3ResourceAssociations(testStack(), 'Set', { resources }))).toMatch(
      /^Stack\/Set: resources must have at most 120000 bytes together as CloudFormation delivers them, got \d{6} bytes in 1000 entries; split them among several S3ResourceAssociations$/,
    );
  });

  test('cannot be empty', () => {
    expect(messageOf(() => new S3ResourceAssociations(testStack(), 'Set', { resources: [] }))).toBe(
      'Stack/Set: resources must have at least one entry, got "0 entries"',
    );
  });

  test('names all entries that are wrong', () => {
    const resources = [{ bucketName: 'logs' }, { bucketName: '' }, {}];
    const message = messageOf(() => new S3ResourceAssociations(testStack(), 'Set', { resources }));
    expect(message).toContain('resources[1].bucketName must have 1 to 500 characters');
    expect(message).toContain('pass either resources[2].bucket or resources[2].bucketName, got neither');
  });

  test('cannot have a resource twice, an empty prefix being none', () => {
    const resources = [{ bucketName: 'logs' }, { bucketName: 'data' }, { bucketName: 'logs', prefix: '' }];
    expect(messageOf(() => new S3ResourceAssociations(testStack(), 'Set', { resources }))).toBe(
      'Stack/Set: resources[0].bucket and resources[2].bucket are the bucket "logs" without a prefix; keep one of them',
    );
  });

  test('cannot have a bucket of the stack twice', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    const resources = [
      { bucket, prefix: 'a' },
      { bucket, prefix: 'a' },
    ];
    expect(() => new S3ResourceAssociations(stack, 'Set', { resources })).toThrow(
      'are the same bucket with the prefix "a"',
    );
  });

  test('can have two prefixes of one bucket', () => {
    const resources = [{ bucketName: 'logs' }, { bucketName: 'logs', prefix: 'a' }];
    expect(() => new S3ResourceAssociations(testStack(), 'Set', { resources })).not.toThrow();
  });
});

describe('each association', () => {
  type Options = { removalPolicy?: RemovalPolicy; assumeRole?: RoleAssumption };
  type Made = { construct: { applyRemovalPolicy(policy: RemovalPolicy): void; stack: Stack }; type: string };
  const kinds: Array<[string, (stack: Stack, options: Options) => Made]> = [
    [
      'of an account',
      (stack, options) => ({
        construct: new MemberAccountAssociation(stack, 'Made', { memberAccountId: MEMBER, ...options }),
        type: MEMBER_ACCOUNT,
      }),
    ],
    [
      'of a resource',
      (stack, options) => ({
        construct: new S3ResourceAssociation(stack, 'Made', { bucketName: 'logs', ...options }),
        type: S3_RESOURCES,
      }),
    ],
    [
      'of a set',
      (stack, options) => ({
        construct: new S3ResourceAssociations(stack, 'Made', { resources: [{ bucketName: 'logs' }], ...options }),
        type: S3_RESOURCES,
      }),
    ],
  ];

  test.each(kinds)('%s is removed with the stack, unless it is retained', (_, make) => {
    const policyOf = ({ construct, type }: Made) =>
      onlyResource(Template.fromStack(Stack.of(construct as never)), type).DeletionPolicy;
    expect(policyOf(make(testStack(), {}))).toBe('Delete');
    expect(policyOf(make(testStack(), { removalPolicy: RemovalPolicy.RETAIN }))).toBe('RetainExceptOnCreate');
    const changed = make(testStack(), {});
    changed.construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(policyOf(changed)).toBe('RetainExceptOnCreate');
  });

  test.each(kinds)('%s can be managed with a role, in its account', (_, make) => {
    const stack = testStack({ env: IRELAND });
    const { construct, type } = make(stack, { assumeRole });
    expect(properties(stack, type).AssumeRole.RoleArn).toBe(assumeRole.roleArn);
    expect((construct as S3ResourceAssociation).env).toEqual({ account: '333333333333', region: 'eu-west-1' });
  });
});
