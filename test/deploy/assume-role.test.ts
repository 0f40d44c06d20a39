import { GetAppMonitorCommand, ListAppMonitorsCommand, RUMClient } from '@aws-sdk/client-rum';
import type { Stack } from 'aws-cdk-lib';
import { rum, sts } from '../../src';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

const OTHER_ACCOUNT = '222222222222';
const EXTERNAL_ID = 'monitoring-of-shop';

/** The other account's side: a role that trusts the stack's account with an external id. */
function delegatedRole(bed: Testbed, actions = ['rum:*'], conditions: Record<string, string> = {}): string {
  return bed.sandbox.iam.createRole({
    accountId: OTHER_ACCOUNT,
    name: 'Monitoring',
    trust: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${bed.sandbox.accountId}:root` },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID, ...conditions } },
        },
      ],
    },
    inlinePolicies: {
      Rum: {
        Statement: [
          { Effect: 'Allow', Action: actions, Resource: '*' },
          { Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*' },
        ],
      },
    },
  }).arn;
}

const monitor = (assumeRole: sts.RoleAssumption | undefined) => (stack: Stack) => {
  new rum.AppMonitor(stack, 'Monitor', {
    domain: 'example.com',
    authorization: rum.Authorization.none(),
    assumeRole,
  });
};

async function namesIn(bed: Testbed, accountId: string, region = bed.sandbox.region): Promise<string[]> {
  const client = new RUMClient(bed.sandbox.clientConfiguration(accountId, region));
  const { AppMonitorSummaries = [] } = await client.send(new ListAppMonitorsCommand({}));
  return AppMonitorSummaries.map(({ Name }) => Name!);
}

test('a monitor is made, changed and deleted in another account and region through a role', async () => {
  const bed = await Testbed.start();
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), {
    externalId: EXTERNAL_ID,
    region: 'eu-west-1',
  });
  expect((await bed.deploy(monitor(assumption))).status).toBe('CREATE_COMPLETE');
  expect(await namesIn(bed, bed.sandbox.accountId)).toEqual([]);
  const [name] = await namesIn(bed, OTHER_ACCOUNT, 'eu-west-1');
  const client = new RUMClient(bed.sandbox.clientConfiguration(OTHER_ACCOUNT, 'eu-west-1'));
  const { AppMonitor } = await client.send(new GetAppMonitorCommand({ Name: name }));
  expect(AppMonitor?.Tags).toHaveProperty('cdk-settled:id', name);
  await bed.destroy();
  expect(bed.sandbox.inventory(OTHER_ACCOUNT, 'eu-west-1')).toEqual([]);
});

test('a wrong external id fails with what STS said, after a minute for a new role to spread, and leaves nothing', async () => {
  const bed = await Testbed.start();
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), { externalId: 'a-wrong-one' });
  const start = bed.sandbox.clock.now();
  const result = await bed.deploy(monitor(assumption));
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(failureReason(result)).toMatch(
    /AccessDenied: .*sts:AssumeRole.*check that it trusts the provider: .*; that it demands the external id "a-wrong-one"/s,
  );
  expect(bed.sandbox.clock.now() - start).toBeGreaterThan(60_000);
  expect(await namesIn(bed, OTHER_ACCOUNT)).toEqual([]);
});

test('moving a monitor to another account replaces it, and the old one is deleted', async () => {
  const bed = await Testbed.start();
  await bed.deploy(monitor(undefined));
  expect(await namesIn(bed, bed.sandbox.accountId)).toHaveLength(1);
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), { externalId: EXTERNAL_ID });
  expect((await bed.deploy(monitor(assumption))).status).toBe('UPDATE_COMPLETE');
  expect(await namesIn(bed, bed.sandbox.accountId)).toEqual([]);
  expect(await namesIn(bed, OTHER_ACCOUNT)).toHaveLength(1);
});

test('a monitor that leaves the stack is deleted in the other account before the permission to go there is', async () => {
  const bed = await Testbed.start();
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), { externalId: EXTERNAL_ID });
  const other = (stack: Stack) => {
    new rum.AppMonitor(stack, 'Other', { domain: 'example.com', authorization: rum.Authorization.none() });
  };
  await bed.deploy((stack) => {
    other(stack);
    monitor(assumption)(stack);
  });
  expect((await bed.deploy(other)).status).toBe('UPDATE_COMPLETE');
  expect(await namesIn(bed, OTHER_ACCOUNT)).toEqual([]);
});

test('a role that trusts the tag of the provider is assumed, also to delete the last that was managed with it', async () => {
  const bed = await Testbed.start();
  const role = delegatedRole(bed, ['rum:*'], { 'aws:PrincipalTag/cdk-settled:provider': 'App/Rum' });
  const assumption = sts.RoleAssumption.fromRoleArn(role, { externalId: EXTERNAL_ID });
  await bed.deploy(monitor(assumption));
  expect(await namesIn(bed, OTHER_ACCOUNT)).toHaveLength(1);
  expect((await bed.deploy(monitor(undefined))).status).toBe('UPDATE_COMPLETE');
  expect(await namesIn(bed, OTHER_ACCOUNT)).toEqual([]);
  expect(await namesIn(bed, bed.sandbox.accountId)).toHaveLength(1);
});

test('each invocation assumes the role once, whatever it does with it', async () => {
  const bed = await Testbed.start();
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), {
    externalId: EXTERNAL_ID,
    region: 'eu-west-1',
  });
  await bed.deploy(monitor(assumption));
  await bed.destroy();
  const { calls } = bed.sandbox.journal;
  const assumed = calls.filter(({ operation }) => operation === 'AssumeRole');
  const used = calls.filter(({ service, accountId }) => service === 'rum' && accountId === OTHER_ACCOUNT);
  // onEvent and isComplete of the Create, isComplete of the Delete.
  expect(assumed).toHaveLength(3);
  expect(used.length).toBeGreaterThan(3);
});

test('a role that was deleted since fails the deletion of the stack, which says how to get out', async () => {
  const bed = await Testbed.start();
  const role = delegatedRole(bed);
  await bed.deploy(monitor(sts.RoleAssumption.fromRoleArn(role, { externalId: EXTERNAL_ID })));
  const [name] = await namesIn(bed, OTHER_ACCOUNT);
  bed.sandbox.iam.deleteRole(role);
  const result = await bed.destroy();
  expect(result.status).toBe('DELETE_FAILED');
  expect(failureReason(result)).toMatch(/that it has not been deleted\. to get out, deploy the role again/);
  expect(failureReason(result)).toMatch(/delete-stack --stack-name App --retain-resources Monitor\w+ --region/);
  expect(failureReason(result)).toContain(`remove ${name} by hand in account ${OTHER_ACCOUNT}`);
  expect(delegatedRole(bed)).toBe(role);
  expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(bed.sandbox.inventory(OTHER_ACCOUNT)).toEqual([]);
});

test('a creation that is cancelled while it waits for its role is rolled back well', async () => {
  const bed = await Testbed.start();
  const assumption = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), { externalId: 'a-wrong-one' });
  const result = await bed.deploy((stack) => {
    monitor(assumption)(stack);
    failing(stack, 'create', 20);
  });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
});

test('a call that the role may not make is explained with the statement that it lacks', async () => {
  const bed = await Testbed.start();
  const role = delegatedRole(bed, ['rum:GetAppMonitor', 'rum:ListAppMonitors', 'rum:BatchGet*']);
  const result = await bed.deploy(monitor(sts.RoleAssumption.fromRoleArn(role, { externalId: EXTERNAL_ID })));
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(failureReason(result)).toMatch(
    /add {"Effect":"Allow","Action":"rum:CreateAppMonitor","Resource":"arn:aws:rum:[^"]+"} to the policies of the role arn:aws:iam::222222222222:role\/Monitoring \(a DelegatedRole/,
  );
});
