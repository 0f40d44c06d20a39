import { StartBuildCommand, StopBuildCommand } from '@aws-sdk/client-codebuild';
import { digest } from '../runtime/digest';
import { ID_TAG } from '../runtime/identity';
import { type PlanContext, REPLACES_TAG, type Reconciler, type Run, type Step } from '../runtime/reconciler';
import { type BuildView, codeBuild, lastLines, ownBuilds, VARIABLES } from './activation-builds.runtime';
import { type ClusterPhase, phaseOf } from './cluster-phase.runtime';
import { type ClusterView, describeCluster } from './cluster-view.runtime';

export interface ActivationGoal {
  readonly clusterId: string;
  readonly projectName: string;
}

export interface ActivationObservation {
  readonly own?: OwnActivation;
  readonly cluster?: ClusterView;
  /** The builds of this resource, the newest first; undefined where there is no project. */
  readonly builds?: readonly BuildView[];
  /** The last lines of the log of the newest build, where that has failed. */
  readonly log?: readonly string[];
}

/** Nothing remains of an activation but the builds that made it. */
export interface OwnActivation {
  readonly tags: Readonly<Record<string, string>>;
  readonly clusterId: string;
}

export type ActivationAction =
  | {
      readonly call: 'StartBuild';
      readonly projectName: string;
      readonly clusterId: string;
      readonly address: string;
    }
  | { readonly call: 'StopBuild'; readonly buildId: string };

export const activationReconciler: Reconciler<ActivationGoal, ActivationObservation, ActivationAction> = {
  decode: (properties) => ({
    clusterId: properties.string('ClusterId'),
    projectName: properties.string('ProjectName'),
  }),
  replacementReasons: (goal, own) => (goal.clusterId === own.clusterId ? [] : ['the cluster changes']),
  observe,
  plan,
  act,
};

async function observe(run: Run<ActivationGoal>): Promise<ActivationObservation> {
  const clusterId = run.properties.optionalString('ClusterId');
  const projectName = run.properties.optionalString('ProjectName');
  const builds = projectName === undefined ? undefined : await ownBuilds(run, projectName);
  const [newest] = builds ?? [];
  const own = newest && ownOf(newest, run.id);
  if (run.requestType === 'Delete' || clusterId === undefined) return { own, builds };
  const log = newest !== undefined && hasFailed(newest) && newest.current ? await lastLines(run, newest) : undefined;
  return { own, builds, log, cluster: await describeCluster(run.aws, clusterId) };
}

function ownOf({ replaces, clusterId }: BuildView, id: string): OwnActivation {
  return { clusterId, tags: { [ID_TAG]: id, ...(replaces === undefined ? {} : { [REPLACES_TAG]: replaces }) } };
}

function hasFailed({ status }: BuildView): boolean {
  return status !== 'IN_PROGRESS' && status !== 'SUCCEEDED';
}

function plan(
  goal: ActivationGoal | undefined,
  observed: ActivationObservation,
  run: PlanContext<ActivationGoal>,
): Step<ActivationAction> {
  const { cluster, builds } = observed;
  if (goal === undefined) return planAbsence(builds ?? []);
  if (cluster === undefined) {
    return { kind: 'fail', reason: `cluster ${goal.clusterId} does not exist; deploy the cluster again` };
  }
  const phase = phaseOf(cluster);
  if (phase.kind === 'gone') return { kind: 'fail', reason: phase.reason };
  const own = (builds ?? []).filter(({ clusterId }) => clusterId === goal.clusterId);
  if (isActive(phase, cluster, own)) return { kind: 'done', attributes: { State: cluster.state } };
  const obstacle = obstacleOf(phase, cluster);
  if (obstacle !== undefined) return { kind: 'wait', reason: obstacle };
  if (builds === undefined) {
    return { kind: 'fail', reason: `CodeBuild project ${goal.projectName} does not exist; deploy it again` };
  }
  return planBuild(goal, cluster, own, observed, run);
}

function planAbsence(builds: readonly BuildView[]): Step<ActivationAction> {
  const running = builds.find(({ status }) => status === 'IN_PROGRESS');
  return running === undefined
    ? { kind: 'done', attributes: {} }
    : { kind: 'act', action: { call: 'StopBuild', buildId: running.id } };
}

/** A degraded cluster may or may not be active: it is if a build has said so, or if it was given a second HSM. */
function isActive(phase: ClusterPhase, { hsms }: ClusterView, own: readonly BuildView[]): boolean {
  if (phase.kind !== 'degraded') return phase.kind === 'active';
  return hsms.length > 1 || own.some(({ status }) => status === 'SUCCEEDED');
}

/** Why the command-line tool cannot do its work yet. */
function obstacleOf(phase: ClusterPhase, cluster: ClusterView): string | undefined {
  if (phase.kind === 'busy') return phase.reason;
  if (phase.kind === 'requesting') return `cluster ${cluster.id} is ${cluster.state}: it has to be initialized first`;
  return firstAddress(cluster) === undefined
    ? `cluster ${cluster.id} has no active HSM to be activated through${hsmStates(cluster)}`
    : undefined;
}

function firstAddress({ hsms }: ClusterView): string | undefined {
  return hsms.find(({ state, address }) => state === 'ACTIVE' && address !== '')?.address;
}

function hsmStates({ hsms }: ClusterView): string {
  return hsms.length === 0 ? '' : ` (${hsms.map(({ hsmId, state }) => `${hsmId} is in ${state}`).join(', ')})`;
}

function planBuild(
  goal: ActivationGoal,
  cluster: ClusterView,
  own: readonly BuildView[],
  { log }: ActivationObservation,
  run: PlanContext<ActivationGoal>,
): Step<ActivationAction> {
  const running = own.find(({ status }) => status === 'IN_PROGRESS');
  if (running !== undefined) return { kind: 'wait', reason: `build ${running.id} is activating ${cluster.id}` };
  const current = own.filter((build) => build.current);
  const succeeded = current.find(({ status }) => status === 'SUCCEEDED');
  if (succeeded !== undefined) {
    return {
      kind: 'wait',
      reason: `build ${succeeded.id} has activated ${cluster.id}, which AWS still shows as ${cluster.state}`,
    };
  }
  const [failed] = current;
  if (failed !== undefined) return { kind: 'fail', reason: describeBuildFailure(failed, cluster, log ?? [], run) };
  const { clusterId, projectName } = goal;
  const address = firstAddress(cluster)!;
  return { kind: 'act', action: { call: 'StartBuild', projectName, clusterId, address } };
}

/** So much of the log, of the 2 KB of a message, from its end. */
const LOG_MAX_CHARACTERS = 1200;

function describeBuildFailure(
  { id, status, problem }: BuildView,
  cluster: ClusterView,
  log: readonly string[],
  { place }: PlanContext<ActivationGoal>,
): string {
  const why = problem === undefined ? '' : ` (${problem})`;
  const text = log.join('\n');
  const lines = text.length > LOG_MAX_CHARACTERS ? `… ${text.slice(-LOG_MAX_CHARACTERS)}` : text;
  const end = lines === '' ? '' : `\nthe end of its log:\n${lines}`;
  return `build ${id}, which was to activate ${cluster.id}, ended as ${status}${why}; see ${consoleLink(id, place)}, mend what it names and deploy again${end}`;
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

function consoleLink(buildId: string, { partition, region, accountId }: PlanContext<unknown>['place']): string {
  const [project = ''] = buildId.split(':');
  const host = CONSOLES[partition] ?? CONSOLES.aws;
  return `https://${region}.${host}/codesuite/codebuild/${accountId}/projects/${project}/build/${encodeURIComponent(buildId)}/?region=${region}`;
}

async function act(action: ActivationAction, run: Run<ActivationGoal>): Promise<void> {
  const client = codeBuild(run.aws);
  if (action.call === 'StopBuild') {
    await client.send(new StopBuildCommand({ id: action.buildId }));
    return;
  }
  const { projectName, clusterId, address } = action;
  const variables = {
    [VARIABLES.clusterId]: clusterId,
    [VARIABLES.address]: address,
    [VARIABLES.run]: run.id,
    [VARIABLES.since]: run.note.startedAt,
    ...(run.replaces === undefined ? {} : { [VARIABLES.replaces]: run.replaces }),
  };
  await client.send(
    new StartBuildCommand({
      projectName,
      environmentVariablesOverride: Object.entries(variables).map(([name, value]) => ({
        name,
        value,
        type: 'PLAINTEXT',
      })),
      // For five minutes the same token means the same build, so that a call whose answer was lost is not done twice.
      idempotencyToken: digest(JSON.stringify([projectName, variables]), 32),
    }),
  );
}
