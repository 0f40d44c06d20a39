import type { Document } from '../service';
import type { Build, EnvironmentVariable, Phase } from './state';

/** A build as the API tells it. */
export function describeBuild(build: Build): Document {
  const { project, status, endedAt } = build;
  return {
    id: build.id,
    arn: build.arn,
    buildNumber: build.number,
    startTime: new Date(build.startedAt),
    ...(endedAt !== undefined && { endTime: new Date(endedAt) }),
    currentPhase: build.phases.at(-1)?.type ?? 'SUBMITTED',
    buildStatus: status,
    buildComplete: status !== 'IN_PROGRESS',
    initiator: build.initiator,
    projectName: project.name,
    phases: build.phases.map(describePhase),
    source: { type: 'NO_SOURCE', buildspec: build.buildspec },
    artifacts: { location: '' },
    cache: { type: 'NO_CACHE' },
    environment: {
      type: project.environment.type,
      image: project.environment.image,
      computeType: project.environment.computeType,
      privilegedMode: project.environment.privileged,
      environmentVariables: build.variables.map(describeVariable),
    },
    serviceRole: project.serviceRole,
    timeoutInMinutes: build.timeoutMinutes,
    ...(project.vpc && { vpcConfig: project.vpc }),
    ...(build.log && { logs: describeLog(build, build.log) }),
  };
}

function describePhase({ type, startedAt, endedAt, status, context }: Phase): Document {
  return {
    phaseType: type,
    startTime: new Date(startedAt),
    ...(endedAt !== undefined && {
      endTime: new Date(endedAt),
      durationInSeconds: Math.round((endedAt - startedAt) / 1000),
    }),
    ...(status && { phaseStatus: status }),
    ...(context && { contexts: [context] }),
  };
}

/** With the references of secrets, never their values. */
function describeVariable({ name, value, type }: EnvironmentVariable): Document {
  return { name, value, type };
}

function describeLog({ region, arn }: Build, { group, stream }: NonNullable<Build['log']>): Document {
  const [, partition, , , accountId] = arn.split(':');
  // The console wants what is encoded encoded again, with $ for %.
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text)).replace(/%/g, '$');
  return {
    groupName: group,
    streamName: stream,
    deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`,
    cloudWatchLogsArn: `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`,
  };
}
