import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import type { AssemblyDeployOptions } from '../../sandbox/sandbox';
import { cloudhsm, type sts } from '../../src';
import { anAuthority } from '../support/certificates';
import { aCluster, type ClusterWishes, clustersIn, startHsmBed, zonesOf } from './cloudhsm-bed';
import {
  actionsGranted,
  actionsUsed,
  byName,
  callsThere,
  deployPair,
  deployRole,
  destroyPair,
  distinct,
  expectNothingAnywhere,
  expectNothingMadeHere,
  HERE,
  THERE,
} from './delegation-bed';
import { type Ground, groundThere, PROJECT, projectThere, removeThere, vpcOf, ZONES_THERE } from './delegation-hsm-bed';
import { expectNothingDenied } from './leftovers';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(300_000);
afterEach(() => Testbed.stopAll());

const { Activation, CertificateAuthority } = cloudhsm;
const MANAGER = { account: HERE.account, stackName: 'App', region: THERE.region };

/** What a stack manages through the role. */
type Build = (stack: Stack, assumeRole: sts.RoleAssumption) => sts.IDelegable[];

const inOneApp = (bed: Testbed) => (build: Build, options?: AssemblyDeployOptions) =>
  deployPair(bed, ({ here, role, assumeRole }) => role.allowManaging(...build(here, assumeRole)), {}, options);

const inTwoApps = (bed: Testbed) => (build: Build, options?: AssemblyDeployOptions) =>
  bed.deploy((stack) => {
    build(stack, byName());
  }, options);

const cluster =
  (ground: Ground, props: (stack: Stack) => ClusterWishes = () => ({})): Build =>
  (stack, assumeRole) => {
    const made = aCluster(stack, {
      vpc: vpcOf(stack, ground),
      assumeRole,
      initialization: CertificateAuthority.kms(kms.Key.fromKeyArn(stack, 'Key', ground.keyArn)),
      deleteBackups: true,
      ...props(stack),
    });
    new CfnOutput(stack, 'TrustAnchor', { value: made.trustAnchorParameter!.parameterName });
    return [made];
  };

const byProject = (stack: Stack) =>
  Activation.project(cloudhsm.ActivationProject.fromProjectName(stack, 'Project', PROJECT));

/** Deployments, and what the role was granted in any of them. */
class Lifecycle {
  readonly granted: string[] = [];

  constructor(
    readonly bed: Testbed,
    private readonly deployment: ReturnType<typeof inOneApp>,
  ) {}

  async deploy(build: Build, status: string, options?: AssemblyDeployOptions): Promise<StackResult> {
    const result = await this.deployment(build, options);
    expect([status.includes('ROLLBACK') ? '' : failureReason(result), result.status]).toEqual(['', status]);
    this.granted.push(...actionsGranted(this.bed));
    return result;
  }
}

async function lifecycle(bed: Testbed, apps: string, required: () => sts.DelegatedPermissions[]): Promise<Lifecycle> {
  if (apps === 'one app') return new Lifecycle(bed, inOneApp(bed));
  expect((await deployRole(bed, { manages: required() })).status).toBe('CREATE_COMPLETE');
  return new Lifecycle(bed, inTwoApps(bed));
}

/** Where CloudHSM lists clusters without their tags, which nothing rules out; the sandbox always lists them. */
const UNUSED = ['cloudhsm:ListTags'];

async function expectAllUsedAndGone({ bed, granted }: Lifecycle, ...stacks: string[]): Promise<void> {
  await destroyPair(bed);
  await bed.settle();
  await removeThere(bed, ...stacks);
  expectNothingAnywhere(bed);
  expectNothingMadeHere(bed, 'cloudhsm');
  expectNothingDenied(bed);
  expect(distinct(granted)).toEqual(distinct([...actionsUsed(bed), ...UNUSED]));
}

const clustersThere = (bed: Testbed) => clustersIn(bed, THERE.account, THERE.region);

describe('a cluster in another account and region', () => {
  test.each([['one app'], ['two apps']])(
    'is made, activated, grown, changed, replaced and deleted: %s',
    async (apps) => {
      const bed = await startHsmBed();
      const ground = await groundThere(bed);
      const life = await lifecycle(bed, apps, () => [
        cloudhsm.Cluster.requiredPermissionsFor(MANAGER, {
          deleteBackups: true,
          initialization: CertificateAuthority.kms(kms.Key.fromKeyArn(new Stack(), 'Key', ground.keyArn)),
          activationProject: { projectName: PROJECT },
        }),
      ]);
      const { outputs } = await life.deploy(cluster(ground), 'CREATE_COMPLETE');
      const activated = (props: ClusterWishes = {}) =>
        cluster(ground, (stack) => ({ activation: byProject(stack), ...props }));

      // A password that the tool refuses; its log is read. Then a user who changes their mind; the build is stopped.
      await projectThere(bed, ground, outputs.TrustAnchor!, 5);
      await life.deploy(activated(), 'UPDATE_ROLLBACK_COMPLETE');
      await removeThere(bed, 'Builds');
      await projectThere(bed, ground, outputs.TrustAnchor!);
      await life.deploy(activated(), 'UPDATE_ROLLBACK_COMPLETE', {
        cancelWhen: (what) => 'operation' in what && what.operation === 'StartBuild',
      });
      await bed.settle();

      await life.deploy(activated({ hsmCount: 2, tags: { team: 'vault' } }), 'UPDATE_COMPLETE');
      const [active] = await clustersThere(bed);
      expect(active).toMatchObject({ State: 'ACTIVE' });
      expect(zonesOf(active!)).toHaveLength(2);
      await life.deploy(activated({ backupRetention: Duration.days(30) }), 'UPDATE_COMPLETE');
      expect(await clustersThere(bed)).toMatchObject([{ ClusterId: active!.ClusterId, State: 'ACTIVE' }]);

      // What is no longer wanted goes first, and then the permissions for it: the other way about, nothing could delete it.
      const elsewhere = cluster(ground, () => ({ availabilityZones: [ZONES_THERE[2]!] }));
      await life.deploy(elsewhere, 'UPDATE_COMPLETE', { stacks: ['App'] });
      if (apps === 'one app') await life.deploy(elsewhere, 'UPDATE_COMPLETE', { stacks: ['Member'] });
      const clusters = await clustersThere(bed);
      expect(clusters).toHaveLength(1);
      expect(clusters[0]!.ClusterId).not.toBe(active!.ClusterId);
      await expectAllUsedAndGone(life, 'Builds', 'Ground');
    },
  );
});

/** What belongs to a cluster, each by a construct of its own: the cluster is known by its id alone. */
const parts =
  (ground: Ground, clusterId: string, zone: string, secretArn: string, activated: boolean): Build =>
  (stack, assumeRole) => {
    const [made] = parked(ground)(stack, assumeRole);
    const arn = `arn:aws:cloudhsm:${THERE.region}:${THERE.account}:cluster/${clusterId}`;
    const cluster = cloudhsm.Cluster.fromClusterAttributes(stack, 'Same', { clusterId, clusterArn: arn });
    const hsm = new cloudhsm.Hsm(stack, 'Member', { cluster, availabilityZone: zone, assumeRole });
    const initialization = new cloudhsm.ClusterInitialization(stack, 'Initialization', {
      cluster,
      certificateAuthority: CertificateAuthority.secret(Secret.fromSecretCompleteArn(stack, 'Own', secretArn)),
      assumeRole,
    });
    hsm.node.addDependency(made as cloudhsm.Cluster);
    initialization.node.addDependency(activated ? (made as cloudhsm.Cluster) : hsm);
    new CfnOutput(stack, 'TrustAnchor', { value: initialization.trustAnchorParameter!.parameterName });
    if (!activated) return [made!, hsm, initialization];
    const project = cloudhsm.ActivationProject.fromProjectName(stack, 'Project', PROJECT);
    const activation = new cloudhsm.ClusterActivation(stack, 'Activation', { cluster, project, assumeRole });
    activation.node.addDependency(initialization);
    return [made!, hsm, initialization, activation];
  };

/** A cluster without HSMs. */
const parked =
  (ground: Ground): Build =>
  (stack, assumeRole) => [
    aCluster(stack, {
      vpc: vpcOf(stack, ground),
      assumeRole,
      hsmCount: 0,
      initialization: CertificateAuthority.external(),
    }),
  ];

test.each([['one app'], ['two apps']])(
  'HSM, initialization and activation by themselves in another account: %s',
  async (apps) => {
    const bed = await startHsmBed();
    const ground = await groundThere(bed);
    const own = await anAuthority('CN=Own Root', new Date('2040-01-01T00:00:00Z'));
    const { secrets } = bed.sandbox.supporting.tools;
    const { arn } = secrets.create(THERE.account, THERE.region, {
      name: 'own-authority',
      value: JSON.stringify({ privateKey: own.privateKey }),
    });
    const authority = CertificateAuthority.secret(Secret.fromSecretCompleteArn(new Stack(), 'Own', arn));
    const life = await lifecycle(bed, apps, () => [
      cloudhsm.Cluster.requiredPermissionsFor(MANAGER, { hsmCount: 0, deleteBackups: true }),
      cloudhsm.Hsm.requiredPermissionsFor(MANAGER),
      cloudhsm.ClusterInitialization.requiredPermissionsFor(MANAGER, { certificateAuthority: authority }),
      cloudhsm.ClusterActivation.requiredPermissionsFor(MANAGER, { projectName: PROJECT }),
    ]);
    await life.deploy(parked(ground), 'CREATE_COMPLETE');
    const [{ ClusterId = '' } = {}] = await clustersThere(bed);
    const [first, second] = ZONES_THERE as [string, string];
    const { outputs } = await life.deploy(parts(ground, ClusterId, first, arn, false), 'UPDATE_COMPLETE');
    await projectThere(bed, ground, outputs.TrustAnchor!);
    await life.deploy(parts(ground, ClusterId, first, arn, true), 'UPDATE_COMPLETE');
    expect(await clustersThere(bed)).toMatchObject([{ ClusterId, State: 'ACTIVE' }]);
    await life.deploy(parts(ground, ClusterId, second, arn, true), 'UPDATE_COMPLETE');
    expect(zonesOf((await clustersThere(bed))[0]!)).toEqual([second]);
    await destroyPair(bed);
    await bed.settle();
    await removeThere(bed, 'Builds', 'Ground');
    expect(await clustersThere(bed)).toEqual([]);
    expectNothingMadeHere(bed, 'cloudhsm');
    expectNothingDenied(bed);
  },
);

test('the session of a wait of 14 minutes is renewed: no invocation uses one that is too old', async () => {
  const bed = await startHsmBed({ cloudHsm: { durations: { clusterCreate: 840, hsmCreate: 840 } } });
  const ground = await groundThere(bed);
  const life = await lifecycle(bed, 'one app', () => []);
  await life.deploy(cluster(ground), 'CREATE_COMPLETE');
  const calls = callsThere(bed);
  expect(calls.at(-1)!.at - calls[0]!.at).toBeGreaterThan(25 * 60_000);
  // Credentials last for 15 minutes: the first ones have expired long before the end, and none is used for so long.
  const assumed = bed.sandbox.journal.calls.filter(
    ({ operation, outcome }) => operation === 'AssumeRole' && outcome === 'ok',
  );
  const ages = calls.map(({ at }) =>
    Math.min(...assumed.flatMap((session) => (session.at <= at ? at - session.at : []))),
  );
  expect(Math.max(...ages)).toBeLessThan(15 * 60_000);
  expectNothingDenied(bed);
  await destroyPair(bed);
  await bed.settle();
  await removeThere(bed, 'Ground');
  expectNothingAnywhere(bed);
});

test.each([['one app'], ['two apps']])(
  'a copy of a backup of another account is made, changed, replaced and deleted: %s',
  async (apps) => {
    const bed = await startHsmBed();
    const ground = await groundThere(bed);
    const regions = ['eu-north-1', 'eu-west-3'];
    const life = await lifecycle(bed, apps, () => [
      cloudhsm.Cluster.requiredPermissionsFor(MANAGER, {
        deleteBackups: true,
        activationProject: { projectName: PROJECT },
        initialization: CertificateAuthority.kms(kms.Key.fromKeyArn(new Stack(), 'Key', ground.keyArn)),
      }),
      ...regions.map((destinationRegion) => cloudhsm.BackupCopy.requiredPermissionsFor(MANAGER, { destinationRegion })),
    ]);
    // AWS makes a backup at the activation.
    const active = cluster(ground, (stack) => ({ activation: byProject(stack) }));
    const withCopy =
      (destinationRegion: string, tags: Record<string, string> = {}): Build =>
      (stack, assumeRole) => {
        const [made] = active(stack, assumeRole) as [cloudhsm.Cluster];
        const copy = new cloudhsm.BackupCopy(stack, 'Copy', {
          source: cloudhsm.BackupSource.latestOf(made),
          destinationRegion,
          tags,
          removalPolicy: RemovalPolicy.DESTROY,
          assumeRole,
        });
        copy.node.addDependency(made);
        // The permissions on the copy that is replaced are needed until it is deleted.
        const before = cloudhsm.BackupCopy.requiredPermissionsFor(MANAGER, { destinationRegion: regions[0]! });
        return [made, copy, before];
      };
    const { outputs } = await life.deploy(cluster(ground), 'CREATE_COMPLETE');
    await projectThere(bed, ground, outputs.TrustAnchor!);
    await life.deploy(active, 'UPDATE_COMPLETE');
    await life.deploy(withCopy(regions[0]!), 'UPDATE_COMPLETE');
    await life.deploy(withCopy(regions[0]!, { team: 'vault' }), 'UPDATE_COMPLETE');
    await life.deploy(withCopy(regions[1]!), 'UPDATE_COMPLETE');
    await destroyPair(bed);
    await bed.settle();
    await removeThere(bed, 'Builds', 'Ground');
    expectNothingAnywhere(bed);
    expectNothingMadeHere(bed, 'cloudhsm');
    expectNothingDenied(bed);
  },
);
