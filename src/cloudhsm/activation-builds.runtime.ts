import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  ListBuildsForProjectCommand,
} from '@aws-sdk/client-codebuild';
import type { AwsClients } from '../runtime/clients';
import { describeFailure, ifPresent } from '../runtime/errors';
import { idPrefix } from '../runtime/identity';
import { logger } from '../runtime/logger';
import { everyPage } from '../runtime/pages';
import type { Run } from '../runtime/reconciler';

/** The environment variables by which a build knows what to do, and we know the build. */
export const VARIABLES = {
  clusterId: 'CLUSTER_ID',
  address: 'HSM_ADDRESS',
  /** The physical id. */
  run: 'SETTLED_RUN',
  /** When the run began: a build of an earlier run, which may have the same id, tells nothing of how this one ends. */
  since: 'SETTLED_SINCE',
  replaces: 'SETTLED_REPLACES',
} as const;

/** A build of this resource. */
export interface BuildView {
  readonly id: string;
  /** `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `FAULT`, `TIMED_OUT` or `STOPPED`. */
  readonly status: string;
  readonly clusterId: string;
  /** Whether it tells how this run ends. */
  readonly current: boolean;
  readonly replaces?: string;
  /** What CodeBuild says of the phase that failed. */
  readonly problem?: string;
  readonly log?: { readonly group: string; readonly stream: string };
}

/** CodeBuild takes so many ids at a time: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html */
const BATCH = 100;

/** The newest first; undefined where there is no such project. */
export async function ownBuilds(run: Run<unknown>, projectName: string): Promise<BuildView[] | undefined> {
  const ids = await ifPresent(() => buildIds(run.aws, projectName));
  if (ids === undefined) return undefined;
  const builds: Build[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    builds.push(...((await codeBuild(run.aws).send(new BatchGetBuildsCommand({ ids: batch }))).builds ?? []));
  }
  const age = (build: Build) => build.startTime?.getTime() ?? 0;
  return builds
    .filter((build) => isOurs(build, run))
    .sort((a, b) => age(b) - age(a))
    .map((build) => viewOf(build, run));
}

async function buildIds(aws: AwsClients, projectName: string): Promise<string[]> {
  const pages = await everyPage((nextToken) =>
    codeBuild(aws).send(new ListBuildsForProjectCommand({ projectName, nextToken, sortOrder: 'DESCENDING' })),
  );
  return pages.flatMap(({ ids = [] }) => ids);
}

/** The id of a cancelled creation is unknown, but its beginning is that of all ids of this logical resource. */
function isOurs(build: Build, run: Run<unknown>): boolean {
  const id = variable(build, VARIABLES.run) ?? '';
  return id === run.id || (run.unknownId && id.startsWith(idPrefix(run.address)));
}

function viewOf(build: Build, run: Run<unknown>): BuildView {
  const { groupName: group, streamName: stream } = build.logs ?? {};
  return {
    id: build.id ?? '',
    status: build.buildStatus ?? 'IN_PROGRESS',
    clusterId: variable(build, VARIABLES.clusterId) ?? '',
    current: isCurrent(build, run),
    replaces: variable(build, VARIABLES.replaces),
    problem: problemOf(build),
    log: group === undefined || stream === undefined ? undefined : { group, stream },
  };
}

/**
 * This run has started it, or it was under way when this run began: a request that is delivered twice has two runs, and
 * one build is enough for both.
 */
function isCurrent(build: Build, { note: { startedAt } }: Run<unknown>): boolean {
  const ended = build.endTime?.getTime() ?? Number.NEGATIVE_INFINITY;
  return variable(build, VARIABLES.since) === startedAt || ended >= Date.parse(startedAt);
}

function variable({ environment }: Build, name: string): string | undefined {
  return environment?.environmentVariables?.find((one) => one.name === name)?.value;
}

function problemOf({ phases }: Build): string | undefined {
  const failed = phases?.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
  const message = failed?.contexts?.map((context) => context.message ?? '').find((text) => text !== '');
  return message === undefined ? undefined : `${failed?.phaseType}: ${message}`;
}

const LOG_LINES = 15;

/** What the build said last. That it cannot be read must not hide that the build has failed. */
export async function lastLines(run: Run<unknown>, { log }: BuildView): Promise<string[]> {
  if (log === undefined) return [];
  try {
    const answer = await run.aws
      .get(CloudWatchLogsClient, 'CLOUDWATCH_LOGS')
      .send(new GetLogEventsCommand({ logGroupName: log.group, logStreamName: log.stream, limit: LOG_LINES }));
    return (answer.events ?? []).map(({ message }) => (message ?? '').trimEnd()).filter((line) => line !== '');
  } catch (error) {
    logger.warn('no log', { reason: describeFailure('reading the log of the build failed', error) });
    return [];
  }
}

export function codeBuild(aws: AwsClients): CodeBuildClient {
  return aws.get(CodeBuildClient, 'CODEBUILD');
}
