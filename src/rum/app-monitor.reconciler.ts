import {
  type AppMonitor,
  CreateAppMonitorCommand,
  DeleteAppMonitorCommand,
  GetAppMonitorCommand,
  ListAppMonitorsCommand,
  ListTagsForResourceCommand,
  RUMClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAppMonitorCommand,
} from '@aws-sdk/client-rum';
import { ifPresent } from '../runtime/errors';
import { ID_TAG, idPrefix, OWNER_TAG, ownerOf } from '../runtime/identity';
import { everyPage } from '../runtime/pages';
import type { Properties } from '../runtime/properties';
import {
  isOwn,
  type Place,
  type PlanContext,
  type Reconciler,
  type Run,
  type Step,
  settledTags,
} from '../runtime/reconciler';
import { tagChanges } from '../runtime/tags';
import {
  type Configuration,
  configurationOf,
  createInput,
  decodeGoal,
  differences,
  type MonitorGoal,
  updateInput,
} from './app-monitor-configuration.runtime';

/** A monitor that carries our tag. */
export interface OwnMonitor {
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly configuration: Configuration;
  readonly tags: Readonly<Record<string, string>>;
  readonly logGroupName?: string;
}

export interface MonitorObservation {
  readonly own?: OwnMonitor;
  /** Names that are wanted but taken by a monitor that is not ours. */
  readonly foreign: readonly string[];
}

export type MonitorAction =
  | { readonly call: 'CreateAppMonitor'; readonly name: string; readonly goal: MonitorGoal }
  | {
      readonly call: 'UpdateAppMonitor';
      readonly name: string;
      readonly goal: MonitorGoal;
      readonly observed: Configuration;
    }
  | { readonly call: 'TagResource'; readonly name: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly call: 'UntagResource'; readonly name: string; readonly keys: readonly string[] }
  | { readonly call: 'DeleteAppMonitor'; readonly name: string };

/** Both mean ready: a monitor may stay in CREATED until its first event, or for good. */
const READY_STATES: ReadonlySet<string> = new Set(['CREATED', 'ACTIVE']);

export const appMonitorReconciler: Reconciler<MonitorGoal, MonitorObservation, MonitorAction> = {
  decode: decodeGoal,
  replacementReasons,
  replacementObstacle,
  rollbackGoal,
  observe,
  plan,
  act,
};

/** The name is create-only, the platform too, and nothing documents how to clear the pool or the role. */
function replacementReasons(goal: MonitorGoal, own: OwnMonitor): string[] {
  const reasons: string[] = [];
  if (goal.name !== undefined && goal.name !== own.name) reasons.push('the name changes');
  if (goal.name === undefined && own.name !== own.tags[ID_TAG]) reasons.push('the name is to be generated');
  if (goal.configuration.platform !== own.configuration.platform) reasons.push('the platform changes');
  if (own.configuration.identityPoolId !== undefined && goal.configuration.identityPoolId === undefined) {
    reasons.push('the identity pool is removed');
  }
  if (own.configuration.guestRoleArn !== undefined && goal.configuration.guestRoleArn === undefined) {
    reasons.push('the guest role is removed');
  }
  return reasons;
}

/** CloudFormation makes the replacement before it deletes the old one, so that both need their names at once. */
function replacementObstacle(goal: MonitorGoal, own: OwnMonitor): string | undefined {
  return goal.name === own.name
    ? `an app monitor with the fixed name "${own.name}" cannot be replaced while it exists; change appMonitorName, or leave it out to have names generated`
    : undefined;
}

/** A pool or a role that the failed update has added to a monitor with a fixed name stays: RUM cannot clear them. */
function rollbackGoal(goal: MonitorGoal, own: OwnMonitor): MonitorGoal {
  const { identityPoolId, guestRoleArn } = own.configuration;
  const { configuration } = goal;
  if (goal.name !== own.name) return goal;
  return {
    ...goal,
    configuration: {
      ...configuration,
      identityPoolId: configuration.identityPoolId ?? identityPoolId,
      guestRoleArn: configuration.guestRoleArn ?? guestRoleArn,
    },
  };
}

async function observe(run: Run<MonitorGoal>): Promise<MonitorObservation> {
  const rum = run.aws.get(RUMClient, 'RUM');
  const foreign: string[] = [];
  let own: OwnMonitor | undefined;
  for (const name of await candidateNames(run, rum)) {
    const monitor = await getMonitor(rum, name, run.place);
    if (monitor === undefined) continue;
    if (isOwn(run, monitor.tags, monitor.created)) own ??= monitor;
    else foreign.push(name);
  }
  return { own, foreign };
}

/** The names under which the resource of this run can be. */
async function candidateNames(run: Run<MonitorGoal>, rum: RUMClient): Promise<Set<string>> {
  const names = new Set([wantedName(run.properties, run.id)]);
  // An update of the name that failed, or is being rolled back, may have left it under the other one.
  if (run.previousProperties !== undefined && !run.fresh) names.add(wantedName(run.previousProperties, run.id));
  if (run.unknownId && fixedName(run.properties) === undefined) {
    names.clear();
    for (const name of await namesWithPrefix(rum, idPrefix(run.address))) names.add(name);
  }
  return names;
}

function fixedName(properties: Properties): string | undefined {
  return properties.optionalString('Name');
}

function wantedName(properties: Properties, id: string): string {
  return fixedName(properties) ?? id;
}

/** The id of a cancelled creation is unknown, but its name begins like all names of this logical resource. */
async function namesWithPrefix(rum: RUMClient, prefix: string): Promise<string[]> {
  const pages = await everyPage((NextToken) => rum.send(new ListAppMonitorsCommand({ MaxResults: 100, NextToken })));
  const names = pages.flatMap(({ AppMonitorSummaries = [] }) => AppMonitorSummaries.map(({ Name = '' }) => Name));
  return names.filter((name) => name.startsWith(prefix));
}

async function getMonitor(
  rum: RUMClient,
  name: string,
  place: Place,
): Promise<(OwnMonitor & { readonly created?: Date }) | undefined> {
  const answer = await ifPresent(() => rum.send(new GetAppMonitorCommand({ Name: name })));
  const monitor = answer?.AppMonitor;
  if (monitor === undefined) return undefined;
  const tags = monitor.Tags ?? (await listTags(rum, name, place));
  // Gone since: without tags it would be taken for someone else's.
  if (tags === undefined) return undefined;
  return {
    name,
    id: monitor.Id ?? '',
    state: monitor.State ?? '',
    configuration: configurationOf(monitor),
    tags,
    logGroupName: monitor.DataStorage?.CwLog?.CwLogGroup,
    created: createdAt(monitor),
  };
}

async function listTags(rum: RUMClient, name: string, place: Place): Promise<Record<string, string> | undefined> {
  const answer = await ifPresent(() =>
    rum.send(new ListTagsForResourceCommand({ ResourceArn: monitorArn(place, name) })),
  );
  return answer && (answer.Tags ?? {});
}

function createdAt(monitor: AppMonitor): Date | undefined {
  const milliseconds = Date.parse(monitor.Created ?? '');
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

function plan(
  goal: MonitorGoal | undefined,
  { own, foreign }: MonitorObservation,
  run: PlanContext<MonitorGoal>,
): Step<MonitorAction> {
  if (own?.state === 'DELETING') return { kind: 'wait', reason: `app monitor ${own.name} is being deleted` };
  if (goal === undefined) {
    return own === undefined
      ? { kind: 'done', attributes: {} }
      : { kind: 'act', action: { call: 'DeleteAppMonitor', name: own.name } };
  }
  return own === undefined ? planCreation(goal, foreign, run) : planChange(goal, own, run);
}

function planCreation(
  goal: MonitorGoal,
  foreign: readonly string[],
  run: PlanContext<MonitorGoal>,
): Step<MonitorAction> {
  const name = goal.name ?? run.id;
  if (foreign.includes(name)) {
    return {
      kind: 'fail',
      reason: `an app monitor named "${name}" already exists in ${run.place.accountId}/${run.place.region} and was not made by this stack; choose another appMonitorName, or delete that monitor first`,
    };
  }
  return { kind: 'act', action: { call: 'CreateAppMonitor', name, goal } };
}

function planChange(wanted: MonitorGoal, own: OwnMonitor, run: PlanContext<MonitorGoal>): Step<MonitorAction> {
  const goal = run.rollback ? rollbackGoal(wanted, own) : wanted;
  const obstacles = replacementReasons(goal, own);
  if (obstacles.length > 0) {
    // Under a fresh id stands what an earlier try of this replacement made for another goal.
    return run.fresh
      ? { kind: 'act', action: { call: 'DeleteAppMonitor', name: own.name } }
      : {
          kind: 'fail',
          reason: `app monitor ${own.name} changed during the update (${obstacles.join('; ')}); deploy again`,
        };
  }
  if (!READY_STATES.has(own.state)) {
    return { kind: 'wait', reason: `app monitor ${own.name} is in state ${own.state || '(none)'}` };
  }
  if (differences(goal.configuration, own.configuration).length > 0) {
    return { kind: 'act', action: { call: 'UpdateAppMonitor', name: own.name, goal, observed: own.configuration } };
  }
  return planTags(goal, own, run) ?? { kind: 'done', attributes: attributesOf(own, run) };
}

function planTags(goal: MonitorGoal, own: OwnMonitor, run: PlanContext<MonitorGoal>): Step<MonitorAction> | undefined {
  const { changed, removed } = tagChanges(goal.tags, run.previous?.tags, own.tags);
  if (changed !== undefined) return { kind: 'act', action: { call: 'TagResource', name: own.name, tags: changed } };
  return removed && { kind: 'act', action: { call: 'UntagResource', name: own.name, keys: removed } };
}

function attributesOf(own: OwnMonitor, run: PlanContext<MonitorGoal>): Record<string, string> {
  return {
    Name: own.name,
    Id: own.id,
    Arn: monitorArn(run.place, own.name),
    State: own.state,
    LogGroupName: own.logGroupName ?? vendedLogGroupName(own),
  };
}

/** The documented form of the name, for the time until the service answers it. */
function vendedLogGroupName(own: OwnMonitor): string {
  return `/aws/vendedlogs/RUMService_${own.name}${own.id.slice(0, 8)}`;
}

function monitorArn({ partition, region, accountId }: Place, name: string): string {
  return `arn:${partition}:rum:${region}:${accountId}:appmonitor/${name}`;
}

async function act(action: MonitorAction, run: Run<MonitorGoal>): Promise<void> {
  const rum = run.aws.get(RUMClient, 'RUM');
  const ResourceArn = monitorArn(run.place, action.name);
  switch (action.call) {
    case 'CreateAppMonitor': {
      const Tags = { ...action.goal.tags, ...settledTags(run) };
      await rum.send(new CreateAppMonitorCommand({ ...createInput(action.name, action.goal), Tags }));
      return;
    }
    case 'UpdateAppMonitor':
      await rum.send(new UpdateAppMonitorCommand(updateInput(action.name, action.goal, action.observed)));
      return;
    case 'TagResource':
      // The owner tag in the request is what allows this role to tag, see the provider's permissions.
      await rum.send(
        new TagResourceCommand({ ResourceArn, Tags: { ...action.tags, [OWNER_TAG]: ownerOf(run.address) } }),
      );
      return;
    case 'UntagResource':
      await rum.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...action.keys] }));
      return;
    case 'DeleteAppMonitor':
      await rum.send(new DeleteAppMonitorCommand({ Name: action.name }));
      return;
  }
}
