import {
  DescribeDimensionKeysCommand,
  GetResourceMetricsCommand,
  type MetricQuery,
  type PIClient,
} from '@aws-sdk/client-pi';
import type { PerformanceInsightsOptions } from '../../../../sandbox/services/pi/options';
import type { DbInstance } from '../../../../sandbox/services/rds/state';
import { ACCOUNT, errorOf, policyOf } from '../../endpoint/testbed';
import { allow } from '../supporting-bed';
import { DatabaseBed, HOUR, MINUTE, PLACE, REGION } from './bed';

afterEach(() => DatabaseBed.stopAll());

const at = [ACCOUNT, REGION] as const;

function ask(bed: DatabaseBed, { resourceId }: DbInstance, query: MetricQuery = { Metric: 'db.load.avg' }) {
  return new GetResourceMetricsCommand({
    ServiceType: 'RDS',
    Identifier: resourceId,
    MetricQueries: [query],
    StartTime: bed.ago(10 * MINUTE),
    EndTime: bed.ago(5 * MINUTE),
    PeriodInSeconds: 60,
  });
}

const by = (Group: string, ...Dimensions: string[]): MetricQuery => ({
  Metric: 'db.load.avg',
  GroupBy: { Group, ...(Dimensions.length > 0 && { Dimensions }) },
});

describe('Performance Insights that is off', () => {
  test('is refused as a missing permission is, until it is on and has measured', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured({ performanceInsights: false });
    expect(await errorOf(bed.admin().send(ask(bed, instance)))).toMatchObject({
      name: 'NotAuthorizedException',
      message: `The resource ${instance.resourceId} for service type RDS is not authorized for this account`,
      $metadata: { httpStatusCode: 400 },
    });
    bed.databases.instances.setPerformanceInsights(PLACE, 'db-1', true);
    const values = async () => {
      const { MetricList } = await bed.admin().send(ask(bed, instance));
      return MetricList![0]!.DataPoints!.map(({ Value }) => Value);
    };
    expect(await values()).toEqual(Array(5).fill(undefined));
    await bed.pass(HOUR);
    expect(await values()).toEqual(Array(5).fill(expect.any(Number)));
    bed.databases.instances.setPerformanceInsights(PLACE, 'db-1', false);
    expect((await errorOf(bed.admin().send(ask(bed, instance)))).name).toBe('NotAuthorizedException');
  });

  test('because the instance was replaced needs the new resource id', async () => {
    const bed = await DatabaseBed.start();
    const old = await bed.measured();
    const next = bed.databases.instances.replace(PLACE, 'db-1');
    await bed.pass(HOUR);
    expect((await errorOf(bed.admin().send(ask(bed, old)))).name).toBe('NotAuthorizedException');
    expect((await bed.admin().send(ask(bed, next))).Identifier).toBe(next.resourceId);
  });
});

describe('a role', () => {
  const arn = (id: string) => `arn:aws:pi:${REGION}:${ACCOUNT}:metrics/rds/${id}`;

  test('needs the action on the resource', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const right = bed.as('Right', allow('pi:GetResourceMetrics', arn(instance.resourceId)));
    await right.send(ask(bed, instance));
    const wrong = bed.as('Wrong', allow('pi:GetResourceMetrics', arn('db-OTHER')));
    expect(await errorOf(wrong.send(ask(bed, instance)))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('pi:GetResourceMetrics'),
    });
  });

  test.each([
    ['a dimension of the list', by('db.wait_event', 'db.wait_event.name'), true],
    ['no dimension', { Metric: 'db.load.avg' }, true],
    ['all of a group of which the list has one', by('db.wait_event'), false],
    ['another dimension', by('db.sql', 'db.sql.statement'), false],
    ['another dimension as a filter', { Metric: 'db.load.avg', Filter: { 'db.user.name': 'app' } }, false],
  ])('with a list of pi:Dimensions may ask for %s: %#', async (_, query, allowed) => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const condition = { 'ForAllValues:StringEquals': { 'pi:Dimensions': ['db.wait_event.name'] } };
    const client = bed.as('Reader', allow('pi:GetResourceMetrics', '*', condition));
    const outcome = await client.send(ask(bed, instance, query)).then(
      () => true,
      ({ name }) => name === 'AccessDeniedException' && false,
    );
    expect(outcome).toBe(allowed);
  });
});

describe('data under a key of the customer', () => {
  async function encrypted(options: PerformanceInsightsOptions = {}, policy?: ReturnType<typeof policyOf>) {
    const bed = await DatabaseBed.start(options);
    const key = bed.supporting.tools.kms.create(...at, { ...(policy && { policy }) });
    const instance = await bed.measured({ performanceInsightsKeyArn: key.arn });
    return { bed, key, instance };
  }
  const reads = allow('pi:*');
  const uses = ['kms:Decrypt', 'kms:GenerateDataKey'];

  test('needs the use of the key, via RDS, for the instance', async () => {
    const { bed, key, instance } = await encrypted();
    const use = (id: string) =>
      allow(uses, key.arn, {
        StringEquals: { 'kms:ViaService': `rds.${REGION}.amazonaws.com` },
        'ForAnyValue:StringEquals': { 'kms:EncryptionContext:aws:rds:db-id': id },
      });
    await bed.as('Right', reads, use(instance.resourceId)).send(ask(bed, instance));
    for (const [name, ...statements] of [
      ['None', reads],
      ['Other', reads, use('db-OTHER')],
    ] as Array<[string, object]>) {
      expect(await errorOf(bed.as(name, ...(statements as object[])).send(ask(bed, instance)))).toMatchObject({
        name: 'NotAuthorizedException',
        message: expect.stringContaining('kms:Decrypt'),
      });
    }
    expect(bed.journal.calls[0]!.permissions).toEqual(['pi:GetResourceMetrics', ...uses]);
  });

  test('is refused when the key is disabled, to everybody', async () => {
    const { bed, key, instance } = await encrypted({ keyError: 'AccessDeniedException' });
    key.enabled = false;
    expect((await errorOf(bed.admin().send(ask(bed, instance)))).name).toBe('AccessDeniedException');
  });

  test('is refused by a key policy that names nobody', async () => {
    const nobody = policyOf({ Effect: 'Allow', Principal: { Service: 'x.amazonaws.com' }, Action: '*', Resource: '*' });
    const { bed, instance } = await encrypted({}, nobody);
    const client: PIClient = bed.as('Reader', reads, allow('kms:*'));
    expect((await errorOf(client.send(ask(bed, instance)))).name).toBe('NotAuthorizedException');
  });
});

test('more calls than an account may make in a second are throttled, as planned faults are', async () => {
  const bed = await DatabaseBed.start({ callsPerSecond: 1 });
  const instance = await bed.measured();
  await bed.pass(-bed.clock.now() % 1000);
  const outcomes = await Promise.all(
    [1, 2, 3].map(() =>
      bed
        .admin()
        .send(ask(bed, instance))
        .then(
          () => 'ok',
          ({ name, message }) => `${name}: ${message}`,
        ),
    ),
  );
  expect(outcomes.sort()).toEqual(['ThrottlingException: Rate exceeded', 'ThrottlingException: Rate exceeded', 'ok']);
  await bed.pass(1000);
  bed.faults.add({ match: { service: 'pi', operation: 'DescribeDimensionKeys' }, kind: 'throttle' });
  const keys = new DescribeDimensionKeysCommand({
    ServiceType: 'RDS',
    Identifier: instance.resourceId,
    Metric: 'db.load.avg',
    GroupBy: { Group: 'db.user' },
    StartTime: bed.ago(HOUR),
    EndTime: bed.ago(0),
  });
  expect((await errorOf(bed.admin().send(keys))).name).toBe('ThrottlingException');
});
