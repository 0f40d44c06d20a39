import type { PolicyDocument } from '../../../../sandbox/iam/principal';
import type { Macie2Options } from '../../../../sandbox/services/macie2/options';
import { ACCOUNT, BUCKETS, DAILY, errorOf, Macie2Bed, ONCE, type OperationName, REGION } from './bed';

afterEach(() => Macie2Bed.stopAll());

const arnOf = (jobId: string) => `arn:aws:macie2:${REGION}:${ACCOUNT}:classification-job/${jobId}`;

describe('the session', () => {
  test('is described, changed and ended; its end takes all with it', async () => {
    const aws = await Macie2Bed.start();
    expect(await aws.call('GetMacieSession')).toMatchObject({
      status: 'ENABLED',
      findingPublishingFrequency: 'SIX_HOURS',
      serviceRole: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`,
    });
    await aws.create(ONCE);
    expect(() => aws.sessions.enable(ACCOUNT, REGION)).toThrow('Macie has already been enabled');
    aws.sessions.disable(ACCOUNT, REGION);
    expect(aws.macie.inventory(aws.state)).toEqual([]);
    const operations: ReadonlyArray<[OperationName, object]> = [
      ['GetMacieSession', {}],
      ['CreateClassificationJob', ONCE],
      ['ListClassificationJobs', {}],
      ['ListTagsForResource', { resourceArn: arnOf('x') }],
    ];
    for (const [operation, input] of operations) {
      expect(await errorOf(aws.call(operation, input))).toMatchObject({
        name: 'AccessDeniedException',
        message: 'Macie is not enabled',
        $metadata: { httpStatusCode: 403 },
      });
    }
  });

  test('that is suspended has cancelled its jobs', async () => {
    const aws = await Macie2Bed.start();
    const jobId = await aws.create(DAILY);
    aws.sessions.update(ACCOUNT, REGION, { status: 'PAUSED' });
    expect(await aws.status(jobId)).toBe('CANCELLED');
    expect((await errorOf(aws.create({ ...ONCE, clientToken: '2' }))).name).toBe('AccessDeniedException');
  });
});

describe('a list of jobs', () => {
  const many = async (options: Macie2Options = {}) => {
    const aws = await Macie2Bed.start(options);
    for (const [index, name] of ['beta', 'alpha', 'gamma'].entries()) {
      await aws.create({ ...(index === 1 ? DAILY : ONCE), name, clientToken: name });
    }
    return aws;
  };
  const names = async (aws: Macie2Bed, input: object = {}) =>
    (await aws.call('ListClassificationJobs', input)).items.map(({ name }: { name: string }) => name);
  const includes = (key: string, comparator: string, ...values: string[]) => ({
    filterCriteria: { includes: [{ key, comparator, values }] },
  });

  test.each([
    ['all', {}, ['beta', 'alpha', 'gamma']],
    ['of a type', includes('jobType', 'EQ', 'SCHEDULED'), ['alpha']],
    ['of states', includes('jobStatus', 'EQ', 'RUNNING', 'PAUSED'), ['beta', 'gamma']],
    ['of other states', includes('jobStatus', 'NE', 'IDLE', 'PAUSED'), ['beta', 'gamma']],
    ['by part of the name', includes('name', 'CONTAINS', 'am'), ['gamma']],
    ['by the beginning of the name', includes('name', 'STARTS_WITH', 'a', 'b'), ['beta', 'alpha']],
    [
      'but some',
      { filterCriteria: { excludes: [{ key: 'name', comparator: 'EQ', values: ['beta'] }] } },
      ['alpha', 'gamma'],
    ],
    ['by name', { sortCriteria: { attributeName: 'name' } }, ['alpha', 'beta', 'gamma']],
    ['by name, backwards', { sortCriteria: { attributeName: 'name', orderBy: 'DESC' } }, ['gamma', 'beta', 'alpha']],
  ])('%s', async (_what, input, expected) => {
    expect(await names(await many(), input)).toEqual(expected);
  });

  test.each(['ASC', 'DESC'])('in pages, %s, with tokens for the same request only', async (orderBy) => {
    const aws = await many();
    const input = { sortCriteria: { attributeName: 'name', orderBy }, maxResults: 1 };
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await aws.call('ListClassificationJobs', { ...input, nextToken });
      found.push(...page.items.map(({ name }: { name: string }) => name));
      nextToken = page.nextToken;
      if (nextToken === undefined) break;
      const other = aws.call('ListClassificationJobs', { nextToken });
      expect((await errorOf(other)).name).toBe('ValidationException');
    } while (found.length < 4);
    expect(found).toEqual(orderBy === 'ASC' ? ['alpha', 'beta', 'gamma'] : ['gamma', 'beta', 'alpha']);
  });

  test('shows what a summary has', async () => {
    const aws = await Macie2Bed.start();
    const jobId = await aws.create({ ...ONCE, tags: { a: '1' } });
    const { items } = await aws.call('ListClassificationJobs');
    expect(items).toEqual([
      { jobId, name: 'job', jobType: 'ONE_TIME', jobStatus: 'RUNNING', createdAt: expect.any(Date), ...BUCKETS },
    ]);
  });
});

test('jobs are tagged, retagged and untagged', async () => {
  const aws = await Macie2Bed.start();
  const jobId = await aws.create({ ...ONCE, tags: { a: '1', b: '1' } });
  const resourceArn = arnOf(jobId);
  await aws.call('TagResource', { resourceArn, tags: { b: '2', c: '2' } });
  await aws.call('UntagResource', { resourceArn, tagKeys: ['a', 'never-there'] });
  expect(await aws.call('ListTagsForResource', { resourceArn })).toEqual({ tags: { b: '2', c: '2' } });
  expect((await aws.describe(jobId)).tags).toEqual({ b: '2', c: '2' });
  const other = aws.call('ListTagsForResource', { resourceArn: arnOf('none') });
  expect((await errorOf(other)).name).toBe('ResourceNotFoundException');
});

test('permissions are by job and tag', async () => {
  const aws = await Macie2Bed.start();
  const owned = { StringEquals: { 'aws:ResourceTag/owner': 'me' } };
  const requested = { StringEquals: { 'aws:RequestTag/owner': 'me' } };
  const statement = (Action: string | string[], Condition: object) => ({
    Effect: 'Allow',
    Action,
    Resource: arnOf('*'),
    Condition,
  });
  const { credentials } = aws.role('handler', [
    statement(['macie2:CreateClassificationJob', 'macie2:TagResource'], requested),
    statement(['macie2:DescribeClassificationJob', 'macie2:UpdateClassificationJob'], owned),
  ]);
  const client = aws.client(credentials);
  const mine = { ...ONCE, clientToken: 'mine', tags: { owner: 'me' } };
  const { jobId } = await aws.send(client, 'CreateClassificationJob', mine);
  await aws.send(client, 'UpdateClassificationJob', { jobId, jobStatus: 'CANCELLED' });
  const foreign = await aws.create(ONCE);
  const denied: ReadonlyArray<[OperationName, object]> = [
    ['CreateClassificationJob', ONCE],
    ['DescribeClassificationJob', { jobId: foreign }],
    ['UpdateClassificationJob', { jobId: foreign, jobStatus: 'CANCELLED' }],
    ['ListClassificationJobs', {}],
  ];
  for (const [operation, input] of denied) {
    expect((await errorOf(aws.send(client, operation, input))).name).toBe('AccessDeniedException');
  }
});

describe('where results go', () => {
  const kmsKeyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234`;
  const s3Destination = { bucketName: 'results', keyPrefix: 'macie', kmsKeyArn };
  const put = (aws: Macie2Bed, more: object = {}) =>
    aws.call('PutClassificationExportConfiguration', {
      configuration: { s3Destination: { ...s3Destination, ...more } },
    });
  const statement = (Action: string[], Resource: string, account = ACCOUNT) => ({
    Effect: 'Allow' as const,
    Principal: { Service: 'macie.amazonaws.com' },
    Action,
    Resource,
    Condition: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': [`arn:aws:macie2:${REGION}:${account}:export-configuration:*`] },
    },
  });
  const policy = (...Statement: PolicyDocument['Statement'] & object[]): PolicyDocument => ({
    Version: '2012-10-17',
    Statement,
  });
  const location = statement(['s3:GetBucketLocation'], 'arn:aws:s3:::results');
  const objects = statement(['s3:PutObject'], 'arn:aws:s3:::results/macie/*');
  const use = statement(['kms:GenerateDataKey', 'kms:Encrypt'], '*');
  const witness = (bucket: PolicyDocument | undefined, key: PolicyDocument, more: object = {}): Macie2Options => ({
    exportWitness: {
      bucket: (name) => (name === 'results' ? { accountId: ACCOUNT, region: REGION, policy: bucket } : undefined),
      key: (arn) =>
        arn === kmsKeyArn
          ? { spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', enabled: true, policy: key, ...more }
          : undefined,
    },
  });
  const good = witness(policy(location, objects), policy(use));

  test('is set, shown and changed', async () => {
    const aws = await Macie2Bed.start(good);
    expect(await aws.call('GetClassificationExportConfiguration')).toEqual({ configuration: {} });
    expect(await put(aws)).toEqual({ configuration: { s3Destination } });
    expect(await aws.call('GetClassificationExportConfiguration')).toEqual({ configuration: { s3Destination } });
    expect(aws.macie.inventory(aws.state)).toEqual(['macie session', 'macie export to results']);
  });

  test('cannot be taken back', async () => {
    const aws = await Macie2Bed.start(good);
    const nothing = aws.call('PutClassificationExportConfiguration', { configuration: {} });
    expect((await errorOf(nothing)).name).toBe('ValidationException');
  });

  test.each([
    ['a bucket that is missing', good, { bucketName: 'none' }, /does not exist/],
    ['the bucket of another', good, { expectedBucketOwner: '999999999999' }, /not owned/],
    ['a key that is missing', good, { kmsKeyArn: kmsKeyArn.replace('1234', '5678') }, /does not exist/],
    ['a key elsewhere', good, { kmsKeyArn: kmsKeyArn.replace(REGION, 'us-east-1') }, /must be in the region/],
    ['a key that is no ARN', good, { kmsKeyArn: 'alias/mine' }, /must be the ARN/],
    ['a bucket without a policy', witness(undefined, policy(use)), {}, /s3:GetBucketLocation/],
    ['a policy without objects', witness(policy(location), policy(use)), {}, /s3:PutObject/],
    ['another prefix', good, { keyPrefix: 'other' }, /s3:PutObject/],
    ['a key policy without Macie', witness(policy(location, objects), policy()), {}, /kms:GenerateDataKey/],
    [
      'a key policy for another account',
      witness(policy(location, objects), policy(statement(['kms:*'], '*', '9'))),
      {},
      /kms/,
    ],
    ['a key for signing', witness(policy(location, objects), policy(use), { usage: 'SIGN_VERIFY' }), {}, /symmetric/],
    ['a key that is off', witness(policy(location, objects), policy(use), { enabled: false }), {}, /not enabled/],
  ])('refuses %s', async (_what, options, more, fact) => {
    const aws = await Macie2Bed.start(options);
    expect(await errorOf(put(aws, more))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(fact),
    });
  });

  test('can ask its caller for rights on the bucket', async () => {
    const aws = await Macie2Bed.start({ exportAsksForS3: true });
    const own = { Effect: 'Allow', Action: 'macie2:PutClassificationExportConfiguration', Resource: '*' };
    const { credentials } = aws.role('handler', [own]);
    const input = { configuration: { s3Destination } };
    const { message } = await errorOf(aws.send(aws.client(credentials), 'PutClassificationExportConfiguration', input));
    expect(message).toContain('s3:GetBucketLocation');
  });
});
