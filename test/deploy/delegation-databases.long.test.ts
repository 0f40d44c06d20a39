import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { DbInstance } from '../../sandbox/services/rds/state';
import { performanceinsights as pi, type sts } from '../../src';
import { DatabasesBed, expectUnbroken, MINUTE, sourceOf } from './databases-bed';
import {
  actionsGranted,
  actionsUsed,
  byName,
  callsThere,
  deployPair,
  deployRole,
  destroyPair,
  expectNothingMadeHere,
  HERE,
  THERE,
} from './delegation-bed';
import { expectNothingDenied } from './leftovers';
import { Testbed } from './testbed';

jest.setTimeout(180_000);
afterEach(() => Testbed.stopAll());

const AWAY = { accountId: THERE.account, region: THERE.region };
const ELSEWHERE = { AccountId: THERE.account, Region: THERE.region };
const ORDERS = { DBInstanceIdentifier: 'orders', ...ELSEWHERE };
const WRITER = { DBClusterIdentifier: 'shop', Role: 'WRITER', ...ELSEWHERE };
const LOCK = 'Lock:tuple';
const STATEMENT = "UPDATE account SET balance = 0 WHERE owner = 'a secret'";
const MANAGER = { account: HERE.account, stackName: 'App', region: THERE.region };

/** Databases of the other account, one of them encrypted with its key, and one here that has the same name. */
async function databases() {
  const bed = await DatabasesBed.start();
  const key = bed.sandbox.supporting.tools.kms.create(THERE.account, THERE.region, {});
  bed.instance('orders');
  const orders = bed.instance('orders', { performanceInsightsKeyArn: key.arn }, AWAY);
  bed.databases.clusters.create(AWAY, { identifier: 'shop', engine: 'aurora-mysql' });
  bed.instance('shop-1', { clusterIdentifier: 'shop' }, AWAY);
  await bed.pass(4);
  return { bed, orders, keyArn: key.arn };
}

interface Sources {
  readonly orders: pi.DataSource;
  readonly writer: pi.DataSource;
}

function sourcesIn(
  stack: Stack,
  made: { orders: DbInstance; keyArn: string },
  assumeRole: sts.RoleAssumption,
): Sources {
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', made.keyArn);
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Shop', { clusterIdentifier: 'shop' });
  return {
    orders: sourceOf(made.orders, { assumeRole, encryptionKey }),
    writer: pi.DataSource.fromClusterWriter(cluster, { assumeRole }),
  };
}

/** Everything that asks about a database. */
function watch(stack: Stack, { orders, writer }: Sources, threshold = 4): sts.IDelegable[] {
  const topic = new sns.Topic(stack, 'OnCall', { topicName: 'on-call' });
  const topKeys = new pi.TopKeysNotification(stack, 'TopKeys', { dataSource: orders, topic });
  const locks = { waitEvent: LOCK, threshold, alarmActions: [topKeys] };
  return [
    topKeys,
    orders.alarmOnWaitEvent(stack, 'Locks', locks),
    writer.alarmOnUser(stack, 'Writer', { user: 'app', threshold: 1000 }),
    new pi.Readiness(stack, 'Ready', { dataSource: orders, metrics: [pi.Metric.counter('os.cpuUtilization.user')] }),
  ];
}

/** For ten minutes, until ten after it. */
async function incident(bed: DatabasesBed, { resourceId }: DbInstance): Promise<void> {
  const begin = bed.minuteIn(1);
  const end = begin + 10 * MINUTE;
  bed.controls.incident({
    resourceId,
    from: new Date(begin),
    to: new Date(end),
    sessions: 20,
    waitEvent: LOCK,
    sql: STATEMENT,
    user: 'batch',
  });
  await bed.passTo(end + 10 * MINUTE);
}

function told(bed: DatabasesBed): string[] {
  const topic = `arn:aws:sns:${HERE.region}:${HERE.account}:on-call`;
  return bed.sandbox.supporting.tools.topics.messages(topic).map(({ message }) => message);
}

function expectNoDatabaseAsked(bed: DatabasesBed): void {
  for (const service of ['pi', 'rds', 'kms']) expectNothingMadeHere(bed.bed, service);
}

/** What no stack has made: the databases and their key. */
function given(bed: DatabasesBed): string[] {
  return bed.sandbox.wholeInventory().filter((line) => !/(^| {2})(rds|kms) /.test(line));
}

test('alarms on databases of another account go off, tell what loads them, and take what their constructs ask for', async () => {
  const { bed, ...made } = await databases();
  const deploy = (threshold: number) =>
    deployPair(bed.bed, ({ here, role, assumeRole }) => {
      role.allowManaging(...watch(here, sourcesIn(here, made, assumeRole), threshold));
    });
  expect((await deploy(4)).status).toBe('CREATE_COMPLETE');
  await incident(bed, made.orders);
  expect(bed.states('App-Locks')).toEqual(['OK', 'ALARM', 'OK']);
  expect(told(bed)).toEqual([expect.stringContaining(STATEMENT)]);
  expect((await deploy(100)).status).toBe('UPDATE_COMPLETE');
  await incident(bed, made.orders);
  expect(told(bed)).toHaveLength(1);

  for (const source of [ORDERS, WRITER]) {
    expectUnbroken(bed.published(source));
    expect(bed.heartbeatStates(source)).toEqual(['OK']);
  }
  // Nothing is published as if it were of the database here.
  expect(bed.published('orders')).toEqual([]);
  const granted = actionsGranted(bed.bed);
  await destroyPair(bed.bed);
  expect(actionsUsed(bed.bed)).toEqual(granted);
  expectNothingDenied(bed.bed);
  expectNoDatabaseAsked(bed);
  expect(given(bed)).toEqual([]);
});

test('a database here and one of the same name in another account are watched in one stack', async () => {
  const { bed, ...made } = await databases();
  const own = bed.databases.instances.existing(bed.place, 'orders');
  const users = { user: 'app', threshold: 1000 };
  const { status } = await deployPair(bed.bed, ({ here, role }) => {
    // Also where the region is the same, by which they could be told apart.
    const away = sourcesIn(here, made, role.assumption({ region: THERE.region })).orders;
    role.allowManaging(away.alarmOnUser(here, 'Away', users));
    sourceOf(own).alarmOnUser(here, 'Own', users);
  });
  expect(status).toBe('CREATE_COMPLETE');
  await bed.pass(5);
  for (const source of [ORDERS, 'orders']) {
    expectUnbroken(bed.published(source));
    expect(bed.heartbeatStates(source)).toEqual(['OK']);
  }
  await destroyPair(bed.bed);
});

test('the other app knows the stack by its name only; a role that vanishes is told, and polling goes on with a new one', async () => {
  const { bed, ...made } = await databases();
  const { resourceId, identifier: instanceIdentifier } = made.orders;
  const encryptionKey = kms.Key.fromKeyArn(new Stack(), 'Key', made.keyArn);
  const orders = { resourceId, instanceIdentifier, encryptionKey };
  const manages = [
    pi.Alarm.requiredPermissionsFor(MANAGER, orders),
    pi.Alarm.requiredPermissionsFor(MANAGER, { clusterIdentifier: 'shop' }),
    pi.TopKeysNotification.requiredPermissionsFor(MANAGER, orders),
    pi.Readiness.requiredPermissionsFor(MANAGER, orders),
  ];
  const giveRole = async () => expect((await deployRole(bed.bed, { manages })).status).toBe('CREATE_COMPLETE');
  await giveRole();
  const build = (stack: Stack) => void watch(stack, sourcesIn(stack, made, byName()));
  expect((await bed.bed.deploy(build)).status).toBe('CREATE_COMPLETE');
  await incident(bed, made.orders);
  expect(told(bed)).toEqual([expect.stringContaining(STATEMENT)]);
  const granted = actionsGranted(bed.bed);
  expectNothingDenied(bed.bed);

  const { stacks, functions } = bed.sandbox;
  const printed = functions.logs.length;
  expect((await stacks.delete('Member', THERE.account, THERE.region)).status).toBe('DELETE_COMPLETE');
  await bed.pass(20);
  for (const source of [ORDERS, WRITER]) expect(bed.heartbeatStates(source)).toEqual(['OK', 'ALARM']);
  const reasons = functions.logs.slice(printed).filter(({ text }) => text.includes('failed'));
  expect(reasons[0]!.text).toMatch(/AccessDenied.*check that it trusts the provider.*has not been deleted/);

  await giveRole();
  await bed.pass(10);
  for (const source of [ORDERS, WRITER]) {
    expect(bed.heartbeatStates(source)).toEqual(['OK', 'ALARM', 'OK']);
    // What was missed in between is published as well.
    expectUnbroken(bed.published(source));
  }
  expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(actionsUsed(bed.bed)).toEqual(granted);
  expectNoDatabaseAsked(bed);
  expect(callsThere(bed.bed).map(({ accountId }) => accountId)).not.toContain(HERE.account);
  await stacks.delete('Member', THERE.account, THERE.region);
  expect(given(bed)).toEqual([]);
});
