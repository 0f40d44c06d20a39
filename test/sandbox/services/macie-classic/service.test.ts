import { ACCOUNT, errorOf, MacieClassicBed } from './bed';

afterEach(() => MacieClassicBed.stopAll());

const s3Resources = (bucketName: string) => ({
  s3Resources: [{ bucketName, classificationType: { oneTime: 'NONE', continuous: 'FULL' } }],
});

test.each(['ListMemberAccounts', 'ListS3Resources'] as const)(
  '%s says that Macie is not enabled',
  async (operation) => {
    const aws = await MacieClassicBed.start({ enabled: false });
    expect(await errorOf(aws.call(operation))).toMatchObject({
      name: 'InvalidInputException',
      message: `The request was rejected. Macie is not enabled for this AWS account ${ACCOUNT}.`,
    });
    aws.macie.enable(aws.state());
    await expect(aws.call(operation)).resolves.toBeDefined();
  },
);

test('actions have no resource-level permission, but buckets can be a condition', async () => {
  const aws = await MacieClassicBed.start();
  const { credentials } = aws.role('handler', [
    {
      Effect: 'Allow',
      Action: 'macie:AssociateS3Resources',
      Resource: '*',
      Condition: { 'ForAllValues:ArnLike': { 'aws:SourceArn': 'arn:aws:s3:::mine-*' } },
    },
  ]);
  const client = aws.client(credentials);
  await aws.send(client, 'AssociateS3Resources', s3Resources('mine-1'));
  const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };
  expect(await errorOf(aws.send(client, 'AssociateS3Resources', s3Resources('other')))).toMatchObject(denied);
  expect(await errorOf(aws.send(client, 'ListS3Resources', {}))).toMatchObject(denied);
});

test('a decommissioned service has no name, and lets nobody in by its address', async () => {
  const aws = await MacieClassicBed.start();
  await aws.call('AssociateS3Resources', s3Resources('a'));
  expect(aws.macie.unresolvable()).toEqual([]);
  aws.macie.decommission();
  expect(aws.macie.unresolvable()).toEqual(['macie']);
  expect((await errorOf(aws.call('ListS3Resources'))).name).toBe('UnknownEndpoint');
  expect(aws.inventory()).toEqual([`macie classic s3 resource ${ACCOUNT}/a`]);
  aws.macie.decommission(false);
  await expect(aws.call('ListS3Resources')).resolves.toBeDefined();
});
