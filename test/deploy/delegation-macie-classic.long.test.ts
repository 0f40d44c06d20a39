import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import { macieclassic, type sts } from '../../src';
import {
  actionsGranted,
  actionsUsed,
  byName,
  deployPair,
  deployRole,
  destroyPair,
  expectNothingMadeHere,
  HERE,
  THERE,
} from './delegation-bed';
import { expectNothingDenied } from './leftovers';
import { associated, classicState, enableMacie, FULL, jobs } from './macie-bed';
import { Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

/** The administrator account is the other one; this is a member of it. */
const MEMBER = '333333333333';
const MANAGER = { account: HERE.account, stackName: 'App', region: THERE.region };

type Wishes = Pick<macieclassic.S3ResourceAssociationsProps, 'resources'>;

function build(stack: Stack, assumeRole: sts.RoleAssumption, { resources }: Wishes): sts.IDelegable[] {
  const member = new macieclassic.MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER, assumeRole });
  const { memberAccountId } = member;
  const theirs = { memberAccountId, bucketName: 'theirs', assumeRole };
  const set = new macieclassic.S3ResourceAssociations(stack, 'Set', { resources, assumeRole });
  new CfnOutput(stack, 'Given', { value: set.preExistingCount });
  return [member, set, new macieclassic.S3ResourceAssociation(stack, 'Theirs', theirs)];
}

const CHANGES: readonly Wishes[] = [
  { resources: [{ bucketName: 'logs' }, { bucketName: 'mail' }, { bucketName: 'given' }] },
  {
    resources: [
      { bucketName: 'logs', classificationType: FULL },
      { bucketName: 'new', prefix: 'a/' },
    ],
  },
];

/** A member that lets itself be associated, and an association of somebody else. */
async function start(): Promise<Testbed> {
  const bed = await Testbed.start({ macieClassic: { handshake: 'iam' } });
  const state = classicState(bed, THERE.account, THERE.region);
  bed.sandbox.macieClassic.associate(state, { accountId: THERE.account, bucketName: 'given', oneTime: 'NONE' });
  const directory = bed.synth((stack) => {
    const member = new Stack(Stage.of(stack)!, 'Handshake', { env: { account: MEMBER, region: THERE.region } });
    new macieclassic.HandshakeRole(member, 'Role', { administratorAccountId: THERE.account });
  });
  const [{ status } = { status: '' }] = await bed.sandbox.deploy(directory, { stacks: ['Handshake'] });
  expect(status).toBe('CREATE_COMPLETE');
  return bed;
}

/** Where the records stand of what was associated before: beside it. */
function records(bed: Testbed, { account, region } = THERE): string[] {
  return bed.sandbox.inventory(account, region).filter((line) => line.includes('/cdk-settled/'));
}

function associatedThere(bed: Testbed): string[] {
  return associated(bed, THERE.account, THERE.region);
}

async function expectLifecycle(bed: Testbed, deploy: (wishes: Wishes) => Promise<StackResult>): Promise<string[]> {
  const { status, outputs } = await deploy(CHANGES[0]!);
  expect([status, outputs]).toEqual(['CREATE_COMPLETE', { Given: '1' }]);
  expect(associatedThere(bed)).toEqual(['given', 'logs', 'mail', 'theirs']);
  expect([records(bed).length, records(bed, HERE)]).toEqual([3, []]);
  expect((await deploy(CHANGES[1]!)).status).toBe('UPDATE_COMPLETE');
  expect(associatedThere(bed)).toEqual(['given', 'logs FULL', 'new/a/', 'theirs']);
  expect(records(bed)).toHaveLength(3);
  return actionsGranted(bed);
}

async function expectGoneAgain(bed: Testbed, granted: string[]): Promise<void> {
  await destroyPair(bed);
  expect(actionsUsed(bed)).toEqual(granted);
  expectNothingDenied(bed);
  for (const service of ['macie', 'ssm']) expectNothingMadeHere(bed, service);
  // What was there before is, and nothing else.
  expect(associatedThere(bed)).toEqual(['given']);
  expect((await bed.sandbox.stacks.delete('Handshake', MEMBER, THERE.region)).status).toBe('DELETE_COMPLETE');
  const left = bed.sandbox.wholeInventory();
  expect(left).toEqual([`${THERE.account}/${THERE.region}  macie classic s3 resource ${THERE.account}/given`]);
}

test('a member and S3 resources are associated, changed and removed in another account with what they ask for', async () => {
  const bed = await start();
  const granted = await expectLifecycle(bed, (wishes) =>
    deployPair(bed, ({ here, role, assumeRole }) => role.allowManaging(...build(here, assumeRole, wishes))),
  );
  await expectGoneAgain(bed, granted);
});

test('the same is so where the two apps know each other by names', async () => {
  const bed = await start();
  const manages = [
    macieclassic.MemberAccountAssociation.requiredPermissionsFor(MANAGER),
    macieclassic.S3ResourceAssociation.requiredPermissionsFor(MANAGER),
    macieclassic.S3ResourceAssociations.requiredPermissionsFor(MANAGER),
  ];
  expect((await deployRole(bed, { manages })).status).toBe('CREATE_COMPLETE');
  const granted = await expectLifecycle(bed, (wishes) => bed.deploy((stack) => void build(stack, byName(), wishes)));
  await expectGoneAgain(bed, granted);
});

test('the way over to jobs leads there, too: associations go, and jobs that mean the same come', async () => {
  const bed = await start();
  enableMacie(bed, THERE.account, THERE.region);
  const deploy = (over: boolean) =>
    deployPair(bed, ({ here, role, assumeRole }) => {
      const props = { ...CHANGES[1]!, assumeRole };
      role.allowManaging(
        ...(over
          ? macieclassic.S3ResourceAssociations.asClassificationJobs(here, 'Jobs', props)
          : [new macieclassic.S3ResourceAssociations(here, 'Set', props)]),
        // Until the associations are gone.
        macieclassic.S3ResourceAssociations.requiredPermissionsFor(MANAGER),
      );
    });
  expect((await deploy(false)).status).toBe('CREATE_COMPLETE');
  expect(associatedThere(bed)).toEqual(['given', 'logs FULL', 'new/a/']);
  expect((await deploy(true)).status).toBe('UPDATE_COMPLETE');
  expect(associatedThere(bed)).toEqual(['given']);
  const made = jobs(bed, THERE.account, THERE.region);
  // The one for existing objects runs at once.
  expect(made.map(({ status }) => status).sort()).toEqual(['IDLE', 'RUNNING']);
  expect(records(bed)).toEqual([]);
  await destroyPair(bed);
  expect(jobs(bed, THERE.account, THERE.region).map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
  expectNothingDenied(bed);
  expectNothingMadeHere(bed, 'macie2');
});
