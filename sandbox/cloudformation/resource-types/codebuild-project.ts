import type { BuildEnvironment, EnvironmentVariable, ProjectSettings } from '../../services/codebuild/state';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { isObject } from '../values';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';
import { tagsOf } from './tags';

/** CodeBuild's own default. */
const DEFAULT_TIMEOUT_MINUTES = 60;
const MAX_NAME_LENGTH = 150;

/** A project without a source, whose build specification stands in the template. Its cache and key are kept as settings. */
export const codeBuildProject = immediate({
  name: 'AWS::CodeBuild::Project',
  properties: [
    'Artifacts',
    'Cache',
    'Description',
    'EncryptionKey',
    'Environment',
    'LogsConfig',
    'Name',
    'ServiceRole',
    'Source',
    'Tags',
    'TimeoutInMinutes',
    'VpcConfig',
  ],
  required: ['Artifacts', 'Environment', 'ServiceRole', 'Source'],
  taggable: true,
  replacedBy: ['Name'],
  standing: false,

  make(task) {
    const { tools, accountId, region, properties } = task;
    const name =
      (properties.Name as string | undefined) ??
      generatedName(tools.world.random, task.stack.name, task.logicalId, MAX_NAME_LENGTH);
    const { arn } = tools.codeBuild.create(accountId, region, name, settingsOf(properties));
    return { physicalId: name, attributes: { Arn: arn } };
  },

  change({ tools, accountId, region, properties }, current) {
    tools.codeBuild.update(accountId, region, current.physicalId, settingsOf(properties));
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    tools.codeBuild.delete(accountId, region, physicalId);
  },
});

function settingsOf(properties: Properties): ProjectSettings {
  const { Description, ServiceRole, TimeoutInMinutes, VpcConfig } = properties;
  const vpc = isObject(VpcConfig) ? VpcConfig : undefined;
  return {
    description: Description as string | undefined,
    // A role's ARN or its name; CDK gives the ARN.
    serviceRole: ServiceRole as string,
    buildspec: buildspecOf(properties),
    environment: environmentOf(properties.Environment as Properties),
    timeoutMinutes: Number(TimeoutInMinutes ?? DEFAULT_TIMEOUT_MINUTES),
    ...(vpc && {
      vpc: {
        vpcId: vpc.VpcId as string,
        subnets: vpc.Subnets as readonly string[],
        securityGroupIds: vpc.SecurityGroupIds as readonly string[],
      },
    }),
    logs: logsOf(properties.LogsConfig),
    tags: tagsOf(properties),
  };
}

function buildspecOf({ Source, Artifacts }: Properties): string {
  const { Type: source, BuildSpec } = Source as Properties;
  const { Type: artifacts } = Artifacts as Properties;
  if (source !== 'NO_SOURCE' || artifacts !== 'NO_ARTIFACTS') {
    throw new ResourceFailure(`the sandbox builds NO_SOURCE to NO_ARTIFACTS only, got ${source} to ${artifacts}`);
  }
  if (typeof BuildSpec !== 'string' || BuildSpec === '') {
    throw new ResourceFailure('Project source type NO_SOURCE requires a buildspec: give Source.BuildSpec');
  }
  return BuildSpec;
}

function environmentOf(given: Properties): BuildEnvironment {
  const variables = (given.EnvironmentVariables ?? []) as readonly Properties[];
  return {
    type: given.Type as string,
    image: given.Image as string,
    computeType: given.ComputeType as string,
    privileged: String(given.PrivilegedMode ?? false) === 'true',
    variables: variables.map(({ Name, Value, Type = 'PLAINTEXT' }) => ({
      name: String(Name),
      value: String(Value),
      type: Type as EnvironmentVariable['type'],
    })),
  };
}

/** Logs go to CloudWatch unless that is switched off. Logs in S3 are not kept. */
function logsOf(config: unknown): ProjectSettings['logs'] {
  const given = isObject(config) && isObject(config.CloudWatchLogs) ? config.CloudWatchLogs : {};
  if ((given.Status ?? 'ENABLED') !== 'ENABLED') return undefined;
  return {
    group: given.GroupName as string | undefined,
    streamPrefix: given.StreamName as string | undefined,
  };
}
