import { DeleteAppMonitorCommand, ListAppMonitorsCommand, RUMClient } from '@aws-sdk/client-rum';
import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import type { SandboxOptions } from '../../sandbox/sandbox';
import { rum, sts } from '../../src';
import {
  byName,
  callsThere,
  deployPair,
  deployRole,
  destroyPair,
  expectNothingAnywhere,
  expectNothingMadeHere,
  HERE,
  ROLE_ARN,
  type Sides,
  THERE,
} from './delegation-bed';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const MANAGER = { account: HERE.account, stackName: 'App', region: THERE.region };
const MONITORS = rum.AppMonitor.requiredPermissionsFor(MANAGER);

const monitor =
  (assumeRole?: sts.RoleAssumption, id = 'Monitor') =>
  (stack: Stack) =>
    new rum.AppMonitor(stack, id, {
      domain: 'example.com',
      authorization: rum.Authorization.none(),
      assumeRole,
    });

const managed =
  (props: sts.RoleAssumptionProps = {}) =>
  ({ here, role }: Sides) => {
    role.allowManaging(monitor(role.assumption({ region: THERE.region, ...props }))(here));
  };

async function namesIn({ sandbox }: Testbed, account: string, region: string): Promise<string[]> {
  const client = new RUMClient(sandbox.clientConfiguration(account, region));
  const { AppMonitorSummaries = [] } = await client.send(new ListAppMonitorsCommand({}));
  return AppMonitorSummaries.map(({ Name }) => Name!);
}

const namesThere = (bed: Testbed) => namesIn(bed, THERE.account, THERE.region);

async function destroyApp({ sandbox: { stacks } }: Testbed, retainResources: string[] = []) {
  return stacks.delete('App', HERE.account, HERE.region, { retainResources });
}

/** Whatever failed before: both stacks go, and nothing stays. */
async function expectAllGoes(bed: Testbed): Promise<void> {
  await destroyPair(bed);
  await bed.settle();
  expectNothingAnywhere(bed);
  expectNothingMadeHere(bed, 'rum');
}

/** The reason of a creation that fails, up to what differs from run to run. */
async function reasonOf(bed: Testbed, build: (sides: Sides) => void, props?: sts.DelegatedRoleProps): Promise<string> {
  const result = await deployPair(bed, build, props);
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  await expectAllGoes(bed);
  return failureReason(result);
}

describe('what the role lacks is told, and nothing is left', () => {
  const lacking =
    '{"Effect":"Allow","Action":"rum:CreateAppMonitor","Resource":"arn:aws:rum:eu-west-1:222222222222:appmonitor/';

  test('by a session policy that is too narrow', async () => {
    const sessionPolicy = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['rum:Get*', 'rum:List*'], resources: ['*'] })],
    });
    const reason = await reasonOf(await Testbed.start(), managed({ sessionPolicy }));
    expect(reason).toContain('because no session policy allows the rum:CreateAppMonitor action');
    expect(reason).toContain(`; add ${lacking}`);
    expect(reason).toContain('to sessionPolicy or sessionManagedPolicies of RoleAssumption');
  });

  test('by a permissions boundary that is too narrow', async () => {
    const bed = await Testbed.start();
    const reason = await reasonOf(bed, (sides) => {
      const boundary = new iam.ManagedPolicy(sides.there, 'Boundary', {
        statements: [new iam.PolicyStatement({ actions: ['rum:Get*', 'rum:List*'], resources: ['*'] })],
      });
      iam.PermissionsBoundary.of(sides.role).apply(boundary);
      managed()(sides);
    });
    expect(reason).toContain('because no permissions boundary allows the rum:CreateAppMonitor action');
    expect(reason).toContain(`; add ${lacking}`);
    expect(reason).toMatch(/to the permissions boundary of the role arn:aws:iam::222222222222:role\/\S+/);
  });

  test('by the organization', async () => {
    const bed = await Testbed.start();
    bed.sandbox.iam.serviceControlPolicies.set(THERE.account, [
      { Statement: [{ Effect: 'Deny', Action: 'rum:CreateAppMonitor', Resource: '*' }] },
    ]);
    expect(await reasonOf(bed, managed())).toMatch(
      /with an explicit deny in a service control policy .*; a statement denies rum:CreateAppMonitor: narrow it in the service control policies of the organization, whose administrators can tell/,
    );
  });
});

describe('a role that cannot be assumed', () => {
  const checklist = (externalId: string) =>
    `the role ${ROLE_ARN} could not be assumed: check that it trusts the provider: its account, or the tag cdk-settled:provider of the provider's role; that it demands the external id "${externalId}" and no other; that it has not been deleted`;

  test('since the external id is wrong: all that can be the reason is listed', async () => {
    const bed = await Testbed.start();
    await deployRole(bed, { manages: [MONITORS] });
    const result = await bed.deploy(monitor(byName({ externalId: 'a-wrong-one' })));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toContain(checklist('a-wrong-one'));
    expect(callsThere(bed)).toEqual([]);
    await expectAllGoes(bed);
  });

  test('since it was deleted: deployed again, it lets the deletion happen', async () => {
    const bed = await Testbed.start();
    await deployRole(bed, { manages: [MONITORS] });
    await bed.deploy(monitor(byName()));
    await bed.sandbox.stacks.delete('Member', THERE.account, THERE.region);
    const refused = await destroyApp(bed);
    expect(refused.status).toBe('DELETE_FAILED');
    expect(failureReason(refused)).toContain(
      `${checklist('monitoring-of-shop')}. to get out, deploy the role again (same name, trust and permissions) and delete the stack again; or give the resource up: aws cloudformation delete-stack --stack-name App --retain-resources Monitor`,
    );
    await deployRole(bed, { manages: [MONITORS] });
    await expectAllGoes(bed);
  });

  test('since it was deleted: the resource can be given up, and removed by hand', async () => {
    const bed = await Testbed.start();
    await deployRole(bed, { manages: [MONITORS] });
    await bed.deploy(monitor(byName()));
    await bed.sandbox.stacks.delete('Member', THERE.account, THERE.region);
    const reason = failureReason(await destroyApp(bed));
    const [, logicalId, region, name, account, place] =
      /--retain-resources (\w+) --region (\S+) .*remove (\S+) by hand in account (\d+), region ([\w-]+)/.exec(reason)!;
    expect([region, account, place]).toEqual([HERE.region, THERE.account, THERE.region]);
    expect((await destroyApp(bed, [logicalId!])).status).toBe('DELETE_COMPLETE');
    const client = new RUMClient(bed.sandbox.clientConfiguration(account, place));
    await client.send(new DeleteAppMonitorCommand({ Name: name }));
    expectNothingAnywhere(bed);
  });

  test('where STS is not active in the region: another STS region mends it', async () => {
    const regionEnabled = (account: string, region: string) => account !== THERE.account || region !== THERE.region;
    const bed = await Testbed.start({ sts: { regionEnabled } });
    expect(await reasonOf(bed, managed())).toContain(
      'STS is not active in eu-west-1 for account 222222222222: enable that region there, or set stsRegion of RoleAssumption to one that is enabled',
    );
    const mended = await deployPair(bed, managed({ stsRegion: HERE.region }));
    expect(mended.status).toBe('CREATE_COMPLETE');
    expect(await namesThere(bed)).toHaveLength(1);
    await expectAllGoes(bed);
  });

  test.each([
    ['within a minute', 30, 'CREATE_COMPLETE', ''],
    ['later', 180, 'ROLLBACK_COMPLETE', 'that it demands the external id "monitoring-of-shop" and no other'],
  ])('since it is new, and is known to STS %s', async (_when, propagationSeconds, status, reason) => {
    const bed = await Testbed.start({ sts: { propagationSeconds } } satisfies SandboxOptions);
    const result = await deployPair(bed, managed());
    expect(result.status).toBe(status);
    expect(failureReason(result)).toContain(reason);
    await bed.sandbox.clock.sleep(300_000);
    await expectAllGoes(bed);
  });
});

describe('what is no longer managed', () => {
  const kept = ({ role }: Sides) => role.allowManaging(MONITORS);

  test('goes when the managing stack is deployed first, and the role has its permissions until then', async () => {
    const bed = await Testbed.start();
    await deployPair(bed, managed());
    const nothing = (sides: Sides) => {
      failing(sides.here, 'update', 1);
      kept(sides);
    };
    expect((await deployPair(bed, nothing, {}, { stacks: ['App'] })).status).toBe('UPDATE_COMPLETE');
    expect(await namesThere(bed)).toEqual([]);
    await expectAllGoes(bed);
  });

  /** The role's stack first, as the dependency between the two demands. */
  async function deployWithout(bed: Testbed, leave: (sides: Sides) => void): Promise<StackResult> {
    const nothing = (sides: Sides) => {
      failing(sides.here, 'update', 1);
      leave(sides);
    };
    await deployPair(bed, nothing, {}, { stacks: ['Member'] });
    return deployPair(bed, nothing, {}, { stacks: ['App'] });
  }

  test('goes as well when the stack of the role is deployed first, which manages it by names and keeps its own name', async () => {
    const bed = await Testbed.start();
    await deployPair(bed, managed());
    const result = await deployWithout(bed, kept);
    expect([result.status, failureReason(result)]).toEqual(['UPDATE_COMPLETE', '']);
    await expectAllGoes(bed);
  });

  test('stays when the role has lost its permissions before, and the event says what to remove by hand', async () => {
    const bed = await Testbed.start();
    await deployPair(bed, managed());
    const [name] = await namesThere(bed);
    const ofOthers = { account: HERE.account, stackName: 'Other', region: THERE.region };
    const result = await deployWithout(bed, ({ role }) =>
      role.allowManaging(rum.AppMonitor.requiredPermissionsFor(ofOthers)),
    );
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(failureReason(result)).toContain(
      `CloudFormation gives this resource up: remove ${name} by hand in account ${THERE.account}, region ${THERE.region}`,
    );
  });
});

describe('several accounts', () => {
  const NAMED = { roleName: 'member' };
  const OTHER = { account: '333333333333', region: 'eu-north-1' };

  function roleIn(here: Stack, env: typeof OTHER, props: sts.DelegatedRoleProps = {}): sts.DelegatedRole {
    const stack = new Stack(Stage.of(here)!, `In${env.account}`, { env });
    return new sts.DelegatedRole(stack, 'Role', { externalId: 'of-the-third', ...props });
  }

  /** Deletes all stacks of the last deployment. */
  async function expectEverythingGoes(bed: Testbed): Promise<void> {
    const { stacks } = bed.sandbox;
    expect((await destroyApp(bed)).status).toBe('DELETE_COMPLETE');
    await stacks.delete(`In${OTHER.account}`, OTHER.account, OTHER.region);
    await stacks.delete('Member', THERE.account, THERE.region);
    await bed.settle();
    expectNothingAnywhere(bed);
    expectNothingMadeHere(bed, 'rum');
  }

  test('a chain over three leads to the last, with the permissions of the last', async () => {
    const bed = await Testbed.start();
    const hubArn = `arn:aws:iam::${OTHER.account}:role/hub`;
    const result = await deployPair(
      bed,
      ({ here, role }) => {
        const hub = roleIn(here, OTHER, { roleName: 'hub', trusts: [sts.TrustedCaller.account(HERE.account)] });
        hub.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleArn] }));
        const assumeRole = role.assumption({ region: THERE.region, via: hub.assumption() });
        const made = monitor(assumeRole)(here);
        role.allowManaging(made);
      },
      { roleName: 'member', hub: sts.TrustedCaller.role(hubArn) },
    );
    expect([failureReason(result), result.status]).toEqual(['', 'CREATE_COMPLETE']);
    expect(await namesThere(bed)).toHaveLength(1);
    await expectEverythingGoes(bed);
    const principals = bed.sandbox.journal.calls
      .filter(({ operation, execution }) => operation === 'AssumeRole' && execution)
      .map(({ principal }) => principal.split(':')[4]);
    expect(new Set(principals)).toEqual(new Set([HERE.account, OTHER.account]));
    const callers = bed.sandbox.journal.calls.filter(({ service, execution }) => service === 'rum' && execution);
    expect(new Set(callers.map(({ principal }) => principal.split(':')[4]))).toEqual(new Set([THERE.account]));
  });

  test('two roles in one stack do not cross: each resource is managed with its own', async () => {
    const bed = await Testbed.start();
    const result = await deployPair(bed, (sides) => {
      managed()(sides);
      const other = roleIn(sides.here, OTHER);
      other.allowManaging(monitor(other.assumption({ region: OTHER.region }), 'Other')(sides.here));
    });
    expect([failureReason(result), result.status]).toEqual(['', 'CREATE_COMPLETE']);
    const there = await namesThere(bed);
    const other = await namesIn(bed, OTHER.account, OTHER.region);
    expect(there).toEqual([expect.stringContaining('Monitor')]);
    expect(other).toEqual([expect.stringContaining('Other')]);
    await expectEverythingGoes(bed);
    const calls = bed.sandbox.journal.calls.filter(({ service, execution }) => service === 'rum' && execution);
    const places = calls.map(({ accountId, region, principal, input }) => ({
      name: (input as { Name?: string }).Name,
      place: `${accountId}/${region} by ${principal.split(':')[4]}`,
    }));
    const placesOf = (names: string[]) =>
      new Set(places.filter(({ name = '' }) => names.includes(name)).map(({ place }) => place));
    expect(placesOf(there)).toEqual(new Set([`${THERE.account}/${THERE.region} by ${THERE.account}`]));
    expect(placesOf(other)).toEqual(new Set([`${OTHER.account}/${OTHER.region} by ${OTHER.account}`]));
  });

  /**
   * Both roles know the monitor, as long as one of them has to delete what the other replaces. They have names, which they
   * would otherwise have only while the managing stack refers to them.
   */
  const moved =
    (to: 'there' | 'other', fails = false) =>
    ({ here, role, assumeRole }: Sides) => {
      const other = roleIn(here, OTHER, { roleName: 'other' });
      const made = monitor(to === 'there' ? assumeRole : other.assumption({ region: OTHER.region }))(here);
      role.allowManaging(MONITORS);
      other.allowManaging(rum.AppMonitor.requiredPermissionsFor({ ...MANAGER, region: OTHER.region }));
      here.addDependency(other.stack);
      if (fails) failing(here, 'create', 1).node.addDependency(made);
    };

  test('a monitor that moves from one to the other is replaced', async () => {
    const bed = await Testbed.start();
    expect((await deployPair(bed, moved('there'), NAMED)).status).toBe('CREATE_COMPLETE');
    const result = await deployPair(bed, moved('other'), NAMED);
    expect([failureReason(result), result.status]).toEqual(['', 'UPDATE_COMPLETE']);
    expect(await namesThere(bed)).toEqual([]);
    expect(await namesIn(bed, OTHER.account, OTHER.region)).toHaveLength(1);
    await expectEverythingGoes(bed);
  });

  test('a move that is rolled back leaves the monitor where and what it was', async () => {
    const bed = await Testbed.start();
    await deployPair(bed, moved('there'), NAMED);
    const before = await namesThere(bed);
    const result = await deployPair(bed, moved('other', true), NAMED);
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await namesThere(bed)).toEqual(before);
    expect(await namesIn(bed, OTHER.account, OTHER.region)).toEqual([]);
    await expectEverythingGoes(bed);
  });
});
