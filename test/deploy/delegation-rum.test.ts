import { GetAppMonitorCommand, ListAppMonitorsCommand, RUMClient } from '@aws-sdk/client-rum';
import { IdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import * as iam from 'aws-cdk-lib/aws-iam';
import { rum } from '../../src';
import {
  actionsGranted,
  actionsUsed,
  byName,
  deployPair,
  deployRole,
  destroyPair,
  distinct,
  expectNothingAnywhere,
  expectNothingMadeHere,
  HERE,
  type Sides,
  THERE,
} from './delegation-bed';
import { expectNothingDenied } from './leftovers';
import { Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

const { Authorization } = rum;
const POOL = `arn:aws:cognito-identity:${THERE.region}:${THERE.account}:identitypool/${THERE.region}:12345678-90ab-cdef-1234-567890abcdef`;
const GUESTS = `arn:aws:iam::${THERE.account}:role/guests`;

const monitor =
  (props: Partial<rum.AppMonitorProps> = {}) =>
  ({ here, role, assumeRole }: Sides) => {
    role.allowManaging(new rum.AppMonitor(here, 'Monitor', { domain: 'example.com', assumeRole, ...props }));
  };

/** With all that needs a permission of its own. */
const everything = (props: Partial<rum.AppMonitorProps>) => (sides: Sides) =>
  monitor({
    cwLogEnabled: true,
    authorization: Authorization.cognito({
      identityPool: IdentityPool.fromIdentityPoolArn(sides.here, 'Pool', POOL),
      guestRole: iam.Role.fromRoleArn(sides.here, 'Guests', GUESTS),
      classicFlow: true,
    }),
    ...props,
  })(sides);

function clientThere({ sandbox }: Testbed): RUMClient {
  return new RUMClient(sandbox.clientConfiguration(THERE.account, THERE.region));
}

async function monitorsThere(bed: Testbed) {
  const rum = clientThere(bed);
  const { AppMonitorSummaries = [] } = await rum.send(new ListAppMonitorsCommand({}));
  return Promise.all(
    AppMonitorSummaries.map(async ({ Name }) => (await rum.send(new GetAppMonitorCommand({ Name }))).AppMonitor!),
  );
}

describe('a monitor in another account and region', () => {
  test('is made, changed, replaced and deleted with a role that has what these take, and no more', async () => {
    const bed = await Testbed.start();
    const granted: string[] = [];
    const deploy = async (build: (sides: Sides) => void, status: string) => {
      expect((await deployPair(bed, build)).status).toBe(status);
      granted.push(...actionsGranted(bed));
    };
    await deploy(everything({ tags: { team: 'shop', stage: 'beta' } }), 'CREATE_COMPLETE');
    const [first] = await monitorsThere(bed);
    expect(first).toMatchObject({ Domain: 'example.com', Tags: { team: 'shop' } });
    await deploy(everything({ domain: 'example.org', tags: { team: 'mall' } }), 'UPDATE_COMPLETE');
    const [changed] = await monitorsThere(bed);
    expect(changed).toMatchObject({ Id: first!.Id, Domain: 'example.org', Tags: { team: 'mall' } });
    expect(changed!.Tags).not.toHaveProperty('stage');
    await deploy(everything({ appMonitorName: 'of-that-name' }), 'UPDATE_COMPLETE');
    expect((await monitorsThere(bed)).map(({ Name }) => Name)).toEqual(['of-that-name']);
    await destroyPair(bed);
    expectNothingAnywhere(bed);
    await cancelCreation(bed);
    expectNothingAnywhere(bed);

    expectNothingMadeHere(bed, 'rum');
    expectNothingDenied(bed);
    // For the case that RUM does not tell the tags with the monitor, which nothing promises; the sandbox always does.
    const unused = ['rum:ListTagsForResource'];
    expect(distinct(granted)).toEqual(distinct([...actionsUsed(bed), ...unused]));
  });

  /** Whoever cancels a creation does not know what it has made. */
  async function cancelCreation(bed: Testbed): Promise<void> {
    await deployPair(
      bed,
      monitor(),
      {},
      { cancelWhen: (what) => 'operation' in what && what.operation === 'CreateAppMonitor' },
    );
    const { stacks } = bed.sandbox;
    expect(stacks.get('App', HERE.account, HERE.region)).toBeUndefined();
    await bed.settle();
    await stacks.delete('Member', THERE.account, THERE.region);
  }

  test('is managed from another app than that of its role, which knows the stack by its name', async () => {
    const bed = await Testbed.start();
    const manager = { account: HERE.account, stackName: 'App', region: THERE.region };
    const role = await deployRole(bed, {
      manages: [rum.AppMonitor.requiredPermissionsFor(manager, { appMonitorName: 'of-that-name' })],
    });
    expect(role.status).toBe('CREATE_COMPLETE');
    const deploy = (props: Partial<rum.AppMonitorProps>) =>
      bed.deploy((stack) => {
        new rum.AppMonitor(stack, 'Monitor', { domain: 'example.com', assumeRole: byName(), ...props });
      });
    expect((await deploy({})).status).toBe('CREATE_COMPLETE');
    expect((await deploy({ domain: 'example.org' })).status).toBe('UPDATE_COMPLETE');
    expect((await deploy({ appMonitorName: 'of-that-name' })).status).toBe('UPDATE_COMPLETE');
    expect((await monitorsThere(bed)).map(({ Name }) => Name)).toEqual(['of-that-name']);
    await destroyPair(bed);
    expectNothingAnywhere(bed);
    expectNothingMadeHere(bed, 'rum');
    expectNothingDenied(bed);
  });
});
