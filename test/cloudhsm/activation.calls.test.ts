import { activationReconciler } from '../../src/cloudhsm/activation.reconciler';
import { ID_TAG } from '../../src/runtime/identity';
import { Properties } from '../../src/runtime/properties';
import { REPLACES_TAG, type Run } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { CLUSTER_ID } from '../support/cluster-views';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { aRun, awsError, ID, MADE_UP_ID, STARTED } from '../support/runs';

const properties = new Properties({ ClusterId: CLUSTER_ID, ProjectName: 'activation' });
const PROBLEM = { phaseType: 'BUILD', phaseStatus: 'FAILED', contexts: [{ message: 'exit status 1' }] };

function aBuild(id: string, variables: Record<string, string> = {}, more: object = {}) {
  const all = { CLUSTER_ID, SETTLED_RUN: ID, SETTLED_SINCE: STARTED, ...variables };
  return {
    id,
    buildStatus: 'IN_PROGRESS',
    startTime: new Date(STARTED),
    environment: { environmentVariables: Object.entries(all).map(([name, value]) => ({ name, value })) },
    logs: { groupName: 'group', streamName: id },
    ...more,
  };
}

function awsWith(builds: ReadonlyArray<{ id: string }>, operations: Record<string, FakeOperation> = {}) {
  return new FakeAws({
    DescribeClusters: () => ({ Clusters: [{ ClusterId: CLUSTER_ID, State: 'INITIALIZED', TagList: [] }] }),
    // Pages of two.
    ListBuildsForProject: ({ nextToken = '0' }) => {
      const start = Number(nextToken);
      const ids = builds.slice(start, start + 2).map(({ id }) => id);
      return { ids, nextToken: start + 2 < builds.length ? `${start + 2}` : undefined };
    },
    BatchGetBuilds: ({ ids }) => ({ builds: builds.filter(({ id }) => ids.includes(id)) }),
    ...operations,
  });
}

const observe = (aws: FakeAws, changes: Partial<Run<never>> = {}) =>
  activationReconciler.observe(aRun({ properties, aws: aws.clients, ...changes }) as never);

captureOutput();

describe('looking', () => {
  test('of all builds on all pages, those with our id are ours, the newest first', async () => {
    const builds = [
      aBuild('activation:old'),
      aBuild('activation:foreign', { SETTLED_RUN: 'another' }),
      aBuild('activation:new', {}, { startTime: new Date('2026-01-02') }),
      { id: 'activation:by-hand' },
    ];
    const observed = await observe(awsWith(builds));
    expect(observed.builds?.map(({ id }) => id)).toEqual(['activation:new', 'activation:old']);
    expect(observed.cluster?.id).toBe(CLUSTER_ID);
  });

  test('a build tells whether this run has started it, and what it replaces', async () => {
    const before = { SETTLED_SINCE: '2025-01-01T00:00:00.000Z', SETTLED_REPLACES: 'predecessor' };
    const observed = await observe(awsWith([aBuild('activation:1', before)]));
    expect(observed.builds?.[0]).toMatchObject({ current: false, clusterId: CLUSTER_ID });
    expect(observed.own).toEqual({ clusterId: CLUSTER_ID, tags: { [ID_TAG]: ID, [REPLACES_TAG]: 'predecessor' } });
  });

  test.each([
    ['2025-12-31T23:59:59.999Z', false],
    [STARTED, true],
  ])(
    'a build of another run that ended at %s counts as of this one: %p, for it was under way when this began',
    async (ended, current) => {
      const build = aBuild('activation:1', { SETTLED_SINCE: 'before' }, { endTime: new Date(ended) });
      expect((await observe(awsWith([build]))).builds?.[0]?.current).toBe(current);
    },
  );

  test('where there is no project there are no builds to be told of', async () => {
    const ListBuildsForProject = () => {
      throw awsError('ResourceNotFoundException');
    };
    expect(await observe(awsWith([], { ListBuildsForProject }))).toMatchObject({ builds: undefined });
  });

  test('of a build of this run that failed, the problem and the end of the log are read', async () => {
    const failed = aBuild('activation:1', {}, { buildStatus: 'FAILED', phases: [{ phaseType: 'INSTALL' }, PROBLEM] });
    const GetLogEvents: FakeOperation = (input) => {
      expect(input).toEqual({ logGroupName: 'group', logStreamName: 'activation:1', limit: 15 });
      return { events: [{ message: 'one\n' }, { message: '\n' }, { message: 'two\n' }] };
    };
    const observed = await observe(awsWith([failed], { GetLogEvents }));
    expect(observed.log).toEqual(['one', 'two']);
    expect(observed.builds?.[0]?.problem).toBe('BUILD: exit status 1');
  });

  test('a log that cannot be read hides nothing', async () => {
    const failed = aBuild('activation:1', {}, { buildStatus: 'FAILED' });
    const GetLogEvents = () => {
      throw awsError('AccessDeniedException');
    };
    expect(await observe(awsWith([failed], { GetLogEvents }))).toMatchObject({ log: [] });
  });

  test('the log of a build of an earlier run is not read', async () => {
    const failed = aBuild('activation:1', { SETTLED_SINCE: 'before' }, { buildStatus: 'FAILED' });
    const aws = awsWith([failed]);
    await observe(aws);
    expect(aws.calls).not.toContain('GetLogEvents');
  });

  test('to delete what a cancelled creation started, builds are known by the beginning of their id', async () => {
    const builds = [aBuild('activation:1'), aBuild('activation:2', { SETTLED_RUN: 'shop-Another-0123' })];
    const observed = await observe(awsWith(builds), { requestType: 'Delete', id: MADE_UP_ID, unknownId: true });
    expect(observed.builds?.map(({ id }) => id)).toEqual(['activation:1']);
  });
});

describe('acting', () => {
  test('a build is started with what it needs, and with the same token if it is started again', async () => {
    const inputs: Array<{ idempotencyToken: string }> = [];
    const aws = new FakeAws({ StartBuild: (input) => inputs.push(input) });
    const start = (changes: Partial<Run<never>> = {}) =>
      activationReconciler.act(
        { call: 'StartBuild', projectName: 'activation', clusterId: CLUSTER_ID, address: '10.0.1.5' },
        aRun({ aws: aws.clients, ...changes }) as never,
      );
    await start();
    await start();
    await start({ replaces: 'predecessor' });
    expect(inputs[0]).toEqual({
      projectName: 'activation',
      environmentVariablesOverride: [
        { name: 'CLUSTER_ID', value: CLUSTER_ID, type: 'PLAINTEXT' },
        { name: 'HSM_ADDRESS', value: '10.0.1.5', type: 'PLAINTEXT' },
        { name: 'SETTLED_RUN', value: ID, type: 'PLAINTEXT' },
        { name: 'SETTLED_SINCE', value: STARTED, type: 'PLAINTEXT' },
      ],
      idempotencyToken: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(inputs[1]).toEqual(inputs[0]);
    expect(inputs[2]).toMatchObject({
      environmentVariablesOverride: expect.arrayContaining([
        { name: 'SETTLED_REPLACES', value: 'predecessor', type: 'PLAINTEXT' },
      ]),
    });
    expect(inputs[2]?.idempotencyToken).not.toBe(inputs[0]?.idempotencyToken);
  });

  test('a build is stopped', async () => {
    const StopBuild = jest.fn();
    const aws = new FakeAws({ StopBuild });
    await activationReconciler.act({ call: 'StopBuild', buildId: 'activation:1' }, aRun({ aws: aws.clients }) as never);
    expect(StopBuild).toHaveBeenCalledWith({ id: 'activation:1' }, 'eu-central-1');
  });
});
