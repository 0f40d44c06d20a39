import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { AssemblyDeployOptions } from '../../sandbox/sandbox';
import { macie, type sts } from '../../src';
import {
  actionsGranted,
  actionsUsed,
  byName,
  deployPair,
  deployRole,
  destroyPair,
  expectNothingMadeHere,
  HERE,
  type Sides,
  THERE,
} from './delegation-bed';
import { expectNothingDenied } from './leftovers';
import { enableMacie, jobs, macieState, SESSION } from './macie-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const MANAGER = { account: HERE.account, stackName: 'App', region: THERE.region };
const EXPORT = 'macie export to results';

async function start(): Promise<Testbed> {
  const bed = await Testbed.start({ macie2: { quotas: { createIntervalSeconds: 0 } } });
  enableMacie(bed, THERE.account, THERE.region);
  return bed;
}

interface Wishes {
  readonly job?: Partial<macie.ClassificationJobProps>;
  readonly results?: Partial<macie.ClassificationExportConfigurationProps>;
}

/** A job in the other account, whose results are kept in this one. */
function build(stack: Stack, assumeRole: sts.RoleAssumption, { job, results }: Wishes = {}): sts.IDelegable[] {
  const removalPolicy = RemovalPolicy.DESTROY;
  const bucket = new s3.Bucket(stack, 'Results', { bucketName: 'results', removalPolicy });
  const encryptionKey = new kms.Key(stack, 'Key', { removalPolicy });
  return [
    new macie.ClassificationExportConfiguration(stack, 'Export', { bucket, encryptionKey, assumeRole, ...results }),
    new macie.ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }], assumeRole, ...job }),
  ];
}

function jobsThere(bed: Testbed, region = THERE.region) {
  return jobs(bed, THERE.account, region);
}

function exportedThere(bed: Testbed) {
  return macieState(bed, THERE.account, THERE.region).exportConfiguration?.s3Destination;
}

/** What is left, but for keys that AWS keeps for some days. */
function left(bed: Testbed): string[] {
  return bed.sandbox.wholeInventory().filter((line) => !/pending deletion/i.test(line));
}

const there = (line: string, region = THERE.region) => `${THERE.account}/${region}  ${line}`;

/** First as it is made, then changed in place, then with another job. */
const CHANGES: ReadonlyArray<Wishes> = [
  { job: { tags: { team: 'a', cost: '7' } } },
  { job: { tags: { team: 'b' } }, results: { keyPrefix: 'macie' } },
  { job: { tags: { team: 'b' }, description: 'other' }, results: { keyPrefix: 'macie' } },
];

async function expectLifecycle(bed: Testbed, deploy: (wishes: Wishes) => Promise<{ status: string }>): Promise<void> {
  expect((await deploy(CHANGES[0]!)).status).toBe('CREATE_COMPLETE');
  const [first] = jobsThere(bed);
  expect([jobs(bed), jobsThere(bed).length, first?.status]).toEqual([[], 1, 'RUNNING']);
  expect(exportedThere(bed)).toMatchObject({ bucketName: 'results' });
  expect((await deploy(CHANGES[1]!)).status).toBe('UPDATE_COMPLETE');
  expect(jobsThere(bed).map(({ tags }) => [tags.get('team'), tags.has('cost')])).toEqual([['b', false]]);
  expect(exportedThere(bed)).toMatchObject({ bucketName: 'results', keyPrefix: 'macie' });
  expect((await deploy(CHANGES[2]!)).status).toBe('UPDATE_COMPLETE');
  expect(jobsThere(bed).map(({ status }) => status)).toEqual(['CANCELLED', 'RUNNING']);
}

test('a job and where results go are made, changed, replaced and deleted in another account with what they ask for', async () => {
  const bed = await start();
  await expectLifecycle(bed, (wishes) =>
    deployPair(bed, ({ here, role, assumeRole }) => role.allowManaging(...build(here, assumeRole, wishes))),
  );
  const granted = actionsGranted(bed);
  await destroyPair(bed);
  expect(jobsThere(bed).map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
  expect(actionsUsed(bed)).toEqual(granted);
  expectNothingDenied(bed);
  expectNothingMadeHere(bed, 'macie2');
  // Macie cannot remove what it was told of results.
  expect(left(bed)).toEqual([there(EXPORT), ...SESSION.map((line) => there(line))]);
});

test('the same is so where the two apps know each other by names', async () => {
  const bed = await start();
  const manages = [
    macie.ClassificationJob.requiredPermissionsFor(MANAGER),
    macie.ClassificationExportConfiguration.requiredPermissionsFor(MANAGER),
  ];
  expect((await deployRole(bed, { manages })).status).toBe('CREATE_COMPLETE');
  await expectLifecycle(bed, (wishes) => bed.deploy((stack) => void build(stack, byName(), wishes)));
  const granted = actionsGranted(bed);
  await destroyPair(bed);
  expect(actionsUsed(bed)).toEqual(granted);
  expectNothingDenied(bed);
  expectNothingMadeHere(bed, 'macie2');
  expect(left(bed)).toEqual([there(EXPORT), ...SESSION.map((line) => there(line))]);
});

describe('a job that moves to another region', () => {
  const NORTH = 'eu-north-1';

  /** Only the role of the same app knows nothing of where the job was before: that can be said by names. */
  function deployIn(bed: Testbed, region: string, before: readonly string[] = [], options: AssemblyDeployOptions = {}) {
    const build = ({ here, role }: Sides) => {
      const assumeRole = role.assumption({ region });
      role.allowManaging(
        new macie.ClassificationJob(here, 'Job', { buckets: [{ bucketNames: ['logs'] }], assumeRole }),
        ...before.map((each) => macie.ClassificationJob.requiredPermissionsFor({ ...MANAGER, region: each })),
      );
    };
    return deployPair(bed, build, {}, options);
  }

  async function startInBoth(): Promise<Testbed> {
    const bed = await start();
    enableMacie(bed, THERE.account, NORTH);
    expect((await deployIn(bed, THERE.region)).status).toBe('CREATE_COMPLETE');
    return bed;
  }

  test('is made anew there and cancelled here, while the role manages it in both', async () => {
    const bed = await startInBoth();
    expect((await deployIn(bed, NORTH, [THERE.region])).status).toBe('UPDATE_COMPLETE');
    expect(jobsThere(bed).map(({ status }) => status)).toEqual(['CANCELLED']);
    expect(jobsThere(bed, NORTH).map(({ status }) => status)).toEqual(['RUNNING']);
    expect((await deployIn(bed, NORTH)).status).not.toMatch(/FAILED|ROLLBACK/);
    await destroyPair(bed);
    expect(jobsThere(bed, NORTH).map(({ status }) => status)).toEqual(['CANCELLED']);
    expectNothingDenied(bed);
  });

  test('is not left behind where the role lost the old one too early: the update fails with what is missing', async () => {
    const bed = await startInBoth();
    const failed = await deployIn(bed, NORTH);
    expect(failed.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(failureReason(failed)).toMatch(
      /add {"Effect":"Allow","Action":"macie2:DescribeClassificationJob","Resource":"arn:aws:macie2:eu-west-1:/,
    );
    expect(jobsThere(bed).map(({ status }) => status)).toEqual(['RUNNING']);
    expect(jobsThere(bed, NORTH)).toEqual([]);
    const { stacks } = bed.sandbox;
    expect((await deployIn(bed, NORTH, [THERE.region], { stacks: ['Member'] })).status).toBe('UPDATE_COMPLETE');
    expect((await stacks.continueRollback('App', HERE.account, HERE.region)).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await deployIn(bed, NORTH, [THERE.region])).status).toBe('UPDATE_COMPLETE');
    expect(jobsThere(bed).map(({ status }) => status)).toEqual(['CANCELLED']);
  });
});
