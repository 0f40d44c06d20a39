import { CfnOutput, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as enabled from 'aws-cdk-lib/aws-macie';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { macie, sts } from '../../src';
import { actionsOf, statementsOf, synthesize } from '../support/synthesis';
import { expectEverythingGone, expectNothingLeft, leftovers } from './leftovers';
import {
  ADMINISTRATOR,
  both,
  enableMacie,
  job,
  jobs,
  MEMBER,
  macieState,
  macieWrites,
  onlyJob,
  SESSION,
  startMacieBed,
  usedActions,
} from './macie-bed';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

const daily = { schedule: macie.JobSchedule.daily() };

/** What can have become of a job when the stack changes, and how it came there. */
const STATES: ReadonlyArray<[string, Partial<macie.ClassificationJobProps>, (bed: Testbed, id: string) => void]> = [
  ['RUNNING', {}, () => undefined],
  ['PAUSED', {}, (bed, id) => bed.sandbox.macie2.exceedQuota(macieState(bed), id, bed.sandbox.world)],
  ['USER_PAUSED', {}, (bed, id) => put(bed, id, 'USER_PAUSED')],
  ['IDLE', daily, () => undefined],
  ['COMPLETE', {}, (bed, id) => bed.sandbox.macie2.finish(macieState(bed), id, bed.sandbox.world)],
  ['CANCELLED', {}, (bed, id) => put(bed, id, 'CANCELLED')],
];

function put(bed: Testbed, id: string, status: 'USER_PAUSED' | 'CANCELLED'): void {
  macieState(bed).jobs.get(id)!.status = status;
}

describe('a job', () => {
  test('is made with one call, a generated name and our tags, tells its attributes, and is cancelled at the end', async () => {
    const bed = await startMacieBed();
    const { status, outputs } = await bed.deploy((stack) => {
      const made = new macie.ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }] });
      new CfnOutput(stack, 'Id', { value: made.jobId });
      new CfnOutput(stack, 'Arn', { value: made.jobArn });
      new CfnOutput(stack, 'Status', { value: made.jobStatus });
    });
    expect(status).toBe('CREATE_COMPLETE');
    const made = onlyJob(bed);
    expect(outputs).toEqual({ Id: made.id, Arn: made.arn, Status: 'RUNNING' });
    expect(made.settings.name).toMatch(/^App-Job/);
    expect(made.tags.get('cdk-settled:id')).toBe(made.settings.name);
    await expectNothingLeft(bed, SESSION);
    expect(onlyJob(bed).status).toBe('CANCELLED');
    expect(macieWrites(bed)).toEqual(['CreateClassificationJob', 'UpdateClassificationJob']);
  });

  test('keeps its id when its tags change, and can be deleted, in every state', async () => {
    const bed = await startMacieBed({ macie2: { runSeconds: 100_000, quotas: { createIntervalSeconds: 0 } } });
    const all = (tags: Record<string, string>) =>
      both(...STATES.map(([status, props]) => job({ ...props, jobName: status, tags }, status)));
    const states = () => Object.fromEntries(jobs(bed).map(({ settings, status }) => [settings.name, status]));
    await bed.deploy(all({ a: '1', b: '2' }));
    for (const [name, , bring] of STATES) bring(bed, jobs(bed).find(({ settings }) => settings.name === name)!.id);
    const before = Object.fromEntries(STATES.map(([status]) => [status, status]));
    expect(states()).toEqual(before);

    expect((await bed.deploy(all({ a: '3' }))).status).toBe('UPDATE_COMPLETE');
    expect(jobs(bed)).toHaveLength(STATES.length);
    expect(states()).toEqual(before);
    for (const { tags } of jobs(bed)) expect([tags.get('a'), tags.has('b')]).toEqual(['3', false]);
    expect(new Set(macieWrites(bed, STATES.length))).toEqual(new Set(['TagResource', 'UntagResource 1']));

    await expectNothingLeft(bed, SESSION);
    const over = (status: string) => (status === 'COMPLETE' ? status : 'CANCELLED');
    expect(states()).toEqual(Object.fromEntries(STATES.map(([status]) => [status, over(status)])));
  });

  test('of every day that somebody has cancelled is made anew by the next update', async () => {
    const bed = await startMacieBed();
    await bed.deploy(job(daily));
    put(bed, onlyJob(bed).id, 'CANCELLED');
    expect((await bed.deploy(job({ ...daily, tags: { a: '1' } }))).status).toBe('UPDATE_COMPLETE');
    expect(jobs(bed).map(({ status }) => status)).toEqual(['CANCELLED', 'IDLE']);
    await expectNothingLeft(bed, SESSION);
  });

  test('is replaced whenever a setting changes, and the one before is cancelled', async () => {
    const bed = await startMacieBed();
    const changes: ReadonlyArray<Partial<macie.ClassificationJobProps>> = [
      {},
      { description: 'other' },
      { buckets: [{ bucketNames: ['logs', 'mail'] }] },
      { ...daily, initialRun: true },
      { jobName: 'mine' },
    ];
    for (const [index, change] of changes.entries()) {
      const { status } = await bed.deploy(job(change));
      expect([change, status]).toEqual([change, index === 0 ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE']);
      const all = jobs(bed).map((each) => each.status);
      expect(all.slice(0, -1)).toEqual(Array(index).fill('CANCELLED'));
      expect(all.at(-1)).not.toBe('CANCELLED');
    }
    await expectNothingLeft(bed, SESSION);
  });

  test('is the same when only the order of its buckets changes', async () => {
    const bed = await startMacieBed();
    await bed.deploy(job({ buckets: [{ bucketNames: ['a', 'b'] }] }));
    await bed.deploy(job({ buckets: [{ bucketNames: ['b', 'a'] }] }));
    expect(macieWrites(bed)).toEqual(['CreateClassificationJob']);
  });

  test('that is retained goes on', async () => {
    const bed = await startMacieBed();
    await bed.deploy(job({ ...daily, removalPolicy: RemovalPolicy.RETAIN }));
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(onlyJob(bed).status).toBe('IDLE');
  });

  test('is made beside others, although Macie makes one in ten seconds', async () => {
    const bed = await startMacieBed();
    const three = (stack: Stack) => {
      for (const id of ['A', 'B', 'C']) {
        new macie.ClassificationJob(stack, id, { buckets: [{ bucketNames: ['logs'] }] });
      }
    };
    expect((await bed.deploy(three)).status).toBe('CREATE_COMPLETE');
    expect(jobs(bed)).toHaveLength(3);
    await expectNothingLeft(bed, SESSION);
  });

  test('whose creation is cancelled leaves none that goes on', async () => {
    const bed = await startMacieBed();
    bed.sandbox.faults.add({
      match: { service: 'macie2', operation: 'DescribeClassificationJob', from: 1 },
      kind: 'throttle',
      times: 12,
    });
    const result = await bed.deploy(both(job(daily), (stack) => void failing(stack, 'create', 25)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    await expectEverythingGone(bed, SESSION);
    expect(onlyJob(bed).status).toBe('CANCELLED');
  });

  test('is made and cancelled in another account through a role', async () => {
    const bed = await Testbed.start();
    enableMacie(bed, MEMBER, 'eu-west-1');
    const role = bed.sandbox.iam.createRole({
      accountId: MEMBER,
      name: 'Macie',
      trust: {
        Statement: [
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ADMINISTRATOR}:root` }, Action: 'sts:AssumeRole' },
        ],
      },
      inlinePolicies: { Macie: { Statement: [{ Effect: 'Allow', Action: 'macie2:*', Resource: '*' }] } },
    });
    const assumeRole = sts.RoleAssumption.fromRoleArn(role.arn, { region: 'eu-west-1' });
    expect((await bed.deploy(job({ assumeRole }))).status).toBe('CREATE_COMPLETE');
    expect(jobs(bed, MEMBER, 'eu-west-1').map(({ status }) => status)).toEqual(['RUNNING']);
    await expectNothingLeft(bed);
    expect(leftovers(bed, MEMBER, 'eu-west-1')).toEqual(SESSION);
  });
});

describe('where Macie is not enabled', () => {
  test.each([
    ['a job', job()],
    ['an export configuration', (stack: Stack) => results(stack)],
  ])('%s fails with the remedy, and leaves nothing', async (_what, build) => {
    const bed = await Testbed.start();
    const result = await bed.deploy(build);
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/Macie is not enabled in 111111111111\/eu-central-1; .*AWS::Macie::Session/);
    // Macie says that as if a permission were missing.
    await expectEverythingGone(bed);
  });

  test('a job that depends on the session of its stack is made after it and cancelled before', async () => {
    const bed = await Testbed.start();
    const result = await bed.deploy((stack) => {
      const session = new enabled.CfnSession(stack, 'Session');
      new macie.ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }] }).node.addDependency(session);
    });
    expect(result.status).toBe('CREATE_COMPLETE');
    await expectNothingLeft(bed);
    expect(macieWrites(bed)).toEqual(['CreateClassificationJob', 'UpdateClassificationJob']);
  });
});

/** A bucket and a key of the stack, and the configuration to use them. */
function results(stack: Stack, props: Partial<macie.ClassificationExportConfigurationProps> = {}): void {
  const removalPolicy = RemovalPolicy.DESTROY;
  const bucket = new s3.Bucket(stack, 'Results', { bucketName: 'results', removalPolicy });
  const encryptionKey = new kms.Key(stack, 'Key', { removalPolicy });
  new macie.ClassificationExportConfiguration(stack, 'Export', { bucket, encryptionKey, ...props });
}

function exported(bed: Testbed): unknown {
  return macieState(bed).exportConfiguration?.s3Destination;
}

describe('an export configuration', () => {
  const other = { bucketName: 'theirs', kmsKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/theirs' };

  test('is made after the policies that Macie checks, changed in place, and stays', async () => {
    const bed = await startMacieBed();
    expect((await bed.deploy((stack) => results(stack))).status).toBe('CREATE_COMPLETE');
    expect(exported(bed)).toMatchObject({ bucketName: 'results' });
    expect((await bed.deploy((stack) => results(stack, { keyPrefix: 'macie' }))).status).toBe('UPDATE_COMPLETE');
    expect(exported(bed)).toMatchObject({ bucketName: 'results', keyPrefix: 'macie' });
    expect(macieWrites(bed)).toEqual(Array(2).fill('PutClassificationExportConfiguration'));
    await expectNothingLeft(bed, ['macie export to results', ...SESSION]);
  });

  test('of somebody else is kept: the creation fails and says what it is', async () => {
    const bed = await startMacieBed();
    macieState(bed).exportConfiguration = { s3Destination: other };
    const result = await bed.deploy((stack) => results(stack));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/exports its results to theirs with key .*set replaceExisting/);
    expect(exported(bed)).toEqual(other);
    expect(macieWrites(bed)).toEqual([]);
  });

  test('of somebody else is replaced where that is asked for', async () => {
    const bed = await startMacieBed();
    macieState(bed).exportConfiguration = { s3Destination: other };
    expect((await bed.deploy((stack) => results(stack, { replaceExisting: true }))).status).toBe('CREATE_COMPLETE');
    expect(exported(bed)).toMatchObject({ bucketName: 'results' });
  });
});

test('what handlers are granted of Macie is what they use', async () => {
  const bed = await startMacieBed();
  const all = (stack: Stack) => both(job({ tags: { a: '1', b: '2' } }), (each) => results(each))(stack);
  await bed.deploy(all);
  await bed.deploy(both(job({ tags: { a: '3' } }), (stack) => results(stack)));
  await expectNothingLeft(bed, ['macie export to results', ...SESSION]);
  const granted = actionsOf(statementsOf(synthesize(all), 'CdkSettledMacieProviderRole'));
  const ours = /^macie2:/;
  expect(usedActions(bed, ours)).toEqual(granted.filter((action) => ours.test(action)));
});
