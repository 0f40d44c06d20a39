import { ACCOUNT, errorOf, MacieClassicBed, OTHER_ACCOUNT } from './bed';

afterEach(() => MacieClassicBed.stopAll());

const FULL = { oneTime: 'FULL', continuous: 'FULL' };
const NOT_ASSOCIATED = expect.stringContaining('is not associated with Macie');
const MEMBER = { memberAccountId: OTHER_ACCOUNT };

test('resources come, change and go; two prefixes of one bucket are two', async () => {
  const aws = await MacieClassicBed.start();
  expect(await aws.associate(['a'], ['b', 'x'], ['b', 'y'])).toEqual({ failedS3Resources: [] });
  const oneTime = { bucketName: 'b', prefix: 'x', classificationTypeUpdate: { oneTime: 'NONE' } };
  expect(await aws.call('UpdateS3Resources', { s3ResourcesUpdate: [oneTime] })).toEqual({ failedS3Resources: [] });
  const gone = { associatedS3Resources: [{ bucketName: 'b', prefix: 'y' }] };
  expect(await aws.call('DisassociateS3Resources', gone)).toEqual({ failedS3Resources: [] });
  const { s3Resources, nextToken } = await aws.call('ListS3Resources');
  expect(nextToken).toBeUndefined();
  expect(s3Resources).toHaveLength(2);
  expect(s3Resources).toEqual(
    expect.arrayContaining([
      { bucketName: 'a', classificationType: FULL },
      { bucketName: 'b', prefix: 'x', classificationType: { oneTime: 'NONE', continuous: 'FULL' } },
    ]),
  );
});

test('an absent prefix equals an empty one', async () => {
  const aws = await MacieClassicBed.start();
  await aws.associate(['a', '']);
  await aws.call('DisassociateS3Resources', { associatedS3Resources: [{ bucketName: 'a' }] });
  expect(aws.inventory()).toEqual([]);
});

test('what is not associated fails for itself, in a call that succeeds', async () => {
  const aws = await MacieClassicBed.start();
  await aws.associate(['a']);
  const associatedS3Resources = [{ bucketName: 'a' }, { bucketName: 'b', prefix: 'x' }];
  expect(await aws.call('DisassociateS3Resources', { associatedS3Resources })).toEqual({
    failedS3Resources: [
      {
        failedItem: { bucketName: 'b', prefix: 'x' },
        errorCode: 'InvalidInputException',
        errorMessage: NOT_ASSOCIATED,
      },
    ],
  });
  const s3ResourcesUpdate = [{ bucketName: 'a', classificationTypeUpdate: FULL }];
  expect(await aws.call('UpdateS3Resources', { s3ResourcesUpdate })).toMatchObject({
    failedS3Resources: [{ errorMessage: NOT_ASSOCIATED }],
  });
});

test.each([
  ['fail', 'FULL', 1],
  ['accept', 'FULL', 0],
  ['update', 'NONE', 0],
] as const)('what is associated already: %s', async (resourceAgain, oneTime, failures) => {
  const aws = await MacieClassicBed.start({ resourceAgain });
  await aws.associate(['a']);
  const again = { bucketName: 'a', classificationType: { oneTime: 'NONE', continuous: 'FULL' } };
  const { failedS3Resources } = await aws.call('AssociateS3Resources', { s3Resources: [again] });
  expect(failedS3Resources).toHaveLength(failures);
  expect(aws.macie.resources(aws.state())).toMatchObject([{ bucketName: 'a', oneTime }]);
});

test('an association needs both classifications, an update at least one', async () => {
  const aws = await MacieClassicBed.start();
  const s3Resources = [{ bucketName: 'a', classificationType: { continuous: 'FULL' } }];
  expect(await errorOf(aws.call('AssociateS3Resources', { s3Resources }))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('classificationType.oneTime'),
  });
  await aws.associate(['a']);
  const s3ResourcesUpdate = [{ bucketName: 'a', classificationTypeUpdate: {} }];
  expect(await errorOf(aws.call('UpdateS3Resources', { s3ResourcesUpdate }))).toMatchObject({
    name: 'InvalidInputException',
    fieldName: 'classificationTypeUpdate',
  });
});

test('the resources of a member are its own, and go with it', async () => {
  const aws = await MacieClassicBed.start({ handshake: 'none' });
  await aws.call('AssociateMemberAccount', MEMBER);
  await aws.associate(['a']);
  const s3Resources = [{ bucketName: 'a', classificationType: FULL }];
  await aws.call('AssociateS3Resources', { ...MEMBER, s3Resources });
  expect((await aws.call('ListS3Resources', MEMBER)).s3Resources).toHaveLength(1);
  expect(aws.inventory()).toEqual([
    `macie classic member ${OTHER_ACCOUNT}`,
    `macie classic s3 resource ${ACCOUNT}/a`,
    `macie classic s3 resource ${OTHER_ACCOUNT}/a`,
  ]);
  await aws.call('DisassociateMemberAccount', MEMBER);
  expect(aws.inventory()).toEqual([`macie classic s3 resource ${ACCOUNT}/a`]);
});

test.each(['InvalidInputException', 'AccessDeniedException'] as const)(
  'an account that is no member: %s',
  async (strangerError) => {
    const aws = await MacieClassicBed.start({ strangerError });
    const { name, message } = await errorOf(aws.call('ListS3Resources', MEMBER));
    expect([name, message]).toEqual([strangerError, expect.stringContaining('is not yet associated with Macie')]);
  },
);

test('buckets must exist, be of the account and in the region, where they are known', async () => {
  const region = 'eu-central-1';
  const buckets: Record<string, { accountId: string; region: string }> = {
    own: { accountId: ACCOUNT, region },
    foreign: { accountId: OTHER_ACCOUNT, region },
    far: { accountId: ACCOUNT, region: 'us-east-1' },
  };
  const aws = await MacieClassicBed.start({ bucket: (name) => buckets[name] });
  const { failedS3Resources } = await aws.associate(['own'], ['foreign'], ['far'], ['none']);
  const seen = failedS3Resources.map((failed: Record<string, unknown>) => [failed.failedItem, failed.errorCode]);
  expect(seen).toEqual([
    [{ bucketName: 'foreign' }, 'AccessDeniedException'],
    [{ bucketName: 'far' }, 'InvalidInputException'],
    [{ bucketName: 'none' }, 'InvalidInputException'],
  ]);
  expect(aws.macie.resources(aws.state())).toHaveLength(1);
});

test('a planned failure meets its bucket, as often as it is planned', async () => {
  const aws = await MacieClassicBed.start();
  const code = 'A'.repeat(30);
  const heal = aws.macie.fail(aws.state(), { bucketName: 'a', code, message: 'no' });
  aws.macie.fail(aws.state(), { bucketName: 'b', prefix: 'x', code: 'X', message: 'once', times: 1 });
  const failed = async () => (await aws.associate(['a'], ['b'], ['b', 'x'])).failedS3Resources;
  expect(await failed()).toEqual([
    { failedItem: { bucketName: 'a' }, errorCode: code, errorMessage: 'no' },
    { failedItem: { bucketName: 'b', prefix: 'x' }, errorCode: 'X', errorMessage: 'once' },
  ]);
  heal();
  expect(await failed()).toMatchObject([{ failedItem: { bucketName: 'b' } }]);
});

test.each(['call', 'item'] as const)('the quota of S3 resources refuses a %s', async (quotaRefuses) => {
  const aws = await MacieClassicBed.start({ quotas: { s3Resources: 1 }, quotaRefuses });
  const answer = aws.associate(['a'], ['b']);
  if (quotaRefuses === 'call') {
    expect(await errorOf(answer)).toMatchObject({ name: 'LimitExceededException', resourceType: 'S3Resource' });
    expect(aws.inventory()).toEqual([]);
  } else {
    const { failedS3Resources } = await answer;
    expect(failedS3Resources).toMatchObject([{ failedItem: { bucketName: 'b' }, errorCode: 'LimitExceededException' }]);
  }
});

test('a call takes at most 250 resources, and at least one', async () => {
  const aws = await MacieClassicBed.start();
  const resources = Array.from({ length: 251 }, (_, i) => [`b${i}`] as const);
  await aws.associate(...resources.slice(0, 250));
  expect((await errorOf(aws.associate(...resources))).name).toBe('InvalidInputException');
  expect((await errorOf(aws.associate())).name).toBe('InvalidInputException');
});

test('lists page, lag and keep short tokens for long prefixes', async () => {
  const aws = await MacieClassicBed.start({ resourceLagSeconds: 3 });
  const prefixes = ['x', 'y', 'z'].map((letter) => letter.repeat(10_000));
  await aws.associate(...prefixes.map((prefix) => ['a', prefix] as const));
  expect(await aws.call('ListS3Resources')).toEqual({ s3Resources: [] });
  await aws.clock.sleep(3_000);
  const first = await aws.call('ListS3Resources', { maxResults: 2 });
  expect(first.nextToken.length).toBeLessThanOrEqual(500);
  const second = await aws.call('ListS3Resources', { nextToken: first.nextToken });
  const shown = [...first.s3Resources, ...second.s3Resources].map(({ prefix }) => prefix);
  expect(shown.sort()).toEqual(prefixes);
});

test('what others associate and disassociate is seen at once', async () => {
  const aws = await MacieClassicBed.start({ resourceLagSeconds: 60 });
  const resource = { accountId: ACCOUNT, bucketName: 'a', prefix: 'x' };
  aws.macie.associate(aws.state(), resource);
  expect((await aws.call('ListS3Resources')).s3Resources).toEqual([
    { bucketName: 'a', prefix: 'x', classificationType: { oneTime: 'NONE', continuous: 'FULL' } },
  ]);
  aws.macie.disassociate(aws.state(), resource);
  expect((await aws.call('ListS3Resources')).s3Resources).toEqual([]);
});
