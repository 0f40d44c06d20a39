import { s3ResourcesReconciler } from '../../src/macieclassic/s3-resources.reconciler';
import { Properties } from '../../src/runtime/properties';
import { AssociationRuns, RECORD_PREFIX } from '../support/association-runs';
import { captureOutput } from '../support/captured-output';
import { FakeMacieClassic } from '../support/fake-macie-classic';
import { ADDRESS, awsError } from '../support/runs';

captureOutput();

const MEMBER = '222222222222';
const LOGS = { BucketName: 'logs', OneTime: 'FULL', Continuous: 'FULL' };
const PREFIX = { BucketName: 'data', Prefix: 'a/', Continuous: 'FULL' };
const GIVEN = { Resources: [LOGS, PREFIX] };

function setup() {
  const macie = new FakeMacieClassic();
  return { macie, runs: new AssociationRuns(s3ResourcesReconciler, macie) };
}

const unreachable = () =>
  Object.assign(new Error('getaddrinfo ENOTFOUND macie.eu-central-1.amazonaws.com'), {
    code: 'ENOTFOUND',
    hostname: 'macie.eu-central-1.amazonaws.com',
  });
const notEnabled = () =>
  awsError('InvalidInputException', 'The request was rejected. Macie is not enabled for this AWS account 1.');

test('a creation looks, keeps a record, associates all in one call, and looks again', async () => {
  const { macie, runs } = setup();
  expect(await runs.settle({ type: 'Create', values: GIVEN })).toEqual({
    attributes: { Count: '2', PreExisting: '0' },
  });
  expect(macie.changes).toEqual(['PutParameter', 'AssociateS3Resources']);
  expect(macie.inputs.find(([call]) => call === 'AssociateS3Resources')?.[1]).toEqual({
    s3Resources: [
      { bucketName: 'logs', classificationType: { continuous: 'FULL', oneTime: 'FULL' } },
      { bucketName: 'data', prefix: 'a/', classificationType: { continuous: 'FULL', oneTime: 'NONE' } },
    ],
  });
  expect([...macie.parameters.keys()]).toEqual([
    expect.stringMatching(new RegExp(`^${RECORD_PREFIX}${ADDRESS.logicalId}-[\\w-]{12}$`)),
  ]);
});

test('all calls are for the member account that is named', async () => {
  const { macie, runs } = setup();
  macie.members.add(MEMBER);
  const values = { ...GIVEN, MemberAccountId: MEMBER };
  await runs.settle({ type: 'Create', values });
  await runs.settle({ type: 'Delete', values });
  const ofResources = macie.inputs.filter(([call]) => call.endsWith('S3Resources'));
  expect(new Set(ofResources.map(([, { memberAccountId }]) => memberAccountId))).toEqual(new Set([MEMBER]));
  expect(macie.changes).toEqual(['PutParameter', 'AssociateS3Resources', 'DisassociateS3Resources', 'DeleteParameter']);
});

test('a thousand are associated in four calls, seen on four pages, and one is changed in one', async () => {
  const { macie, runs } = setup();
  const thousand = Array.from({ length: 1000 }, (_each, index) => ({ BucketName: `bucket-${index}` }));
  const values = { Resources: thousand };
  await runs.settle({ type: 'Create', values });
  expect(macie.changes).toEqual(['PutParameter', ...Array(4).fill('AssociateS3Resources')]);
  macie.calls.length = 0;
  const changed = { Resources: [{ BucketName: 'bucket-0', OneTime: 'FULL' }, ...thousand.slice(1)] };
  await runs.settle({ type: 'Update', values: changed, previous: values });
  expect(macie.changes).toEqual(['UpdateS3Resources']);
  expect(macie.calls.filter((call) => call === 'ListS3Resources')).toHaveLength(8);
});

test('what comes back later is examined again: somebody else may have associated it by then', async () => {
  const { macie, runs } = setup();
  const less = { Resources: [PREFIX] };
  await runs.settle({ type: 'Create', values: GIVEN });
  await runs.settle({ type: 'Update', values: less, previous: GIVEN });
  macie.associate({ bucketName: 'logs', oneTime: 'FULL' });
  const { attributes } = await runs.settle({ type: 'Update', values: GIVEN, previous: less });
  expect(attributes).toEqual({ Count: '2', PreExisting: '1' });
  await runs.settle({ type: 'Delete', values: GIVEN });
  expect([...macie.resources.keys()]).toEqual(['["111122223333","logs",""]']);
});

test('every failed resource of all batches is told, and the deletion that follows undoes the others', async () => {
  const { macie, runs } = setup();
  macie.failing.set('bucket-3', { code: 'AccessDeniedException', message: 'not yours' });
  macie.failing.set('bucket-300', { code: 'InvalidInputException', message: 'no such bucket' });
  const values = { Resources: Array.from({ length: 400 }, (_each, index) => ({ BucketName: `bucket-${index}` })) };
  const { failure } = await runs.settle({ type: 'Create', values });
  expect(failure).toBe(
    'Macie Classic has refused 2 of the associations: bucket-3 (AccessDeniedException: not yours); bucket-300 (InvalidInputException: no such bucket); mend what it names and deploy again',
  );
  expect(macie.resources.size).toBe(398);
  await runs.settle({ type: 'Delete', values });
  expect(macie.resources.size).toBe(0);
  expect(macie.parameters.size).toBe(0);
});

test('a quota that is used up is final', async () => {
  const { macie, runs } = setup();
  await runs.settle({ type: 'Create', values: { Resources: [] } });
  macie.outage = awsError('LimitExceededException', 'The account has 3 S3 resources.');
  const { failure } = await runs.settle({ type: 'Update', values: GIVEN, previous: { Resources: [] } });
  expect(failure).toContain('LimitExceededException: The account has 3 S3 resources.');
});

describe.each([
  ['does not resolve any more', unreachable, 'its name does not resolve. AWS has discontinued Macie Classic'],
  ['is not enabled', notEnabled, 'Macie Classic is not enabled for this account in eu-central-1'],
])('where Macie Classic %s', (_what, outage, message) => {
  test('a creation fails and names the successor', async () => {
    const { macie, runs } = setup();
    macie.outage = outage();
    const { failure } = await runs.settle({ type: 'Create', values: GIVEN });
    expect(failure).toContain(message);
    expect(failure).toContain('macie.ClassificationJob');
    expect(macie.changes).toEqual([]);
  });

  test('an update fails, and its rollback ends', async () => {
    const { macie, runs } = setup();
    await runs.settle({ type: 'Create', values: GIVEN });
    macie.outage = outage();
    const values = { Resources: [LOGS] };
    expect((await runs.settle({ type: 'Update', values, previous: GIVEN })).failure).toContain(message);
    expect(await runs.settle({ type: 'Update', values: GIVEN, previous: values, rollback: true })).toEqual({
      attributes: { Count: '2', PreExisting: '0' },
    });
  });

  test('a deletion removes the record', async () => {
    const { macie, runs } = setup();
    await runs.settle({ type: 'Create', values: GIVEN });
    macie.outage = outage();
    expect(await runs.settle({ type: 'Delete', values: GIVEN })).toEqual({ attributes: {} });
    expect(macie.parameters.size).toBe(0);
  });
});

test('that the host of another service has no name is a failure of its own', async () => {
  const { macie, runs } = setup();
  macie.outage = Object.assign(unreachable(), { hostname: 'sts.eu-central-1.amazonaws.com' });
  const { failure } = await runs.settle({ type: 'Create', values: GIVEN });
  expect(failure).toContain('check that the service is offered in this region');
});

test('with the member account its S3 resources are gone', async () => {
  const { macie, runs } = setup();
  macie.members.add(MEMBER);
  const values = { ...GIVEN, MemberAccountId: MEMBER };
  await runs.settle({ type: 'Create', values });
  macie.members.clear();
  expect(await runs.settle({ type: 'Delete', values })).toEqual({ attributes: {} });
  expect(macie.parameters.size).toBe(0);
});

test('a deletion without a record looks for it and no further', async () => {
  const { macie, runs } = setup();
  macie.associate({ bucketName: 'logs' });
  await runs.settle({ type: 'Delete', values: GIVEN });
  expect(macie.calls).toEqual(['GetParameter']);
});

test.each([
  [{ Resources: 'logs' }, 'property Resources must be a list of objects, got "logs"'],
  [{ Resources: [{}] }, 'property Resources.0.BucketName is required but missing or empty'],
  [{ Resources: [{ ...LOGS, OneTime: 'HALF' }] }, 'property Resources.OneTime must be FULL or NONE, got "HALF"'],
  [{ Resources: [PREFIX, LOGS, PREFIX] }, 'property Resources names data/a/ twice'],
])('the properties %j are an error', (values, message) => {
  expect(() => s3ResourcesReconciler.decode(new Properties(values))).toThrow(message);
});
