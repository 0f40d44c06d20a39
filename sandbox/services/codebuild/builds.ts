import type { Permission } from '../../iam/principal';
import type { Call, Document, Operation } from '../service';
import { describeBuild } from './answers';
import { invalidInput, notFound } from './errors';
import type { Build, CodeBuildState, EnvironmentVariable, Project } from './state';

/** For so long a token means the same build. Source: the reference of StartBuild */
const TOKEN_MS = 5 * 60_000;
const PAGE = 100;

/** The operations on builds; `begin` sets a new one going, `stop` ends one. */
export function buildOperations(
  begin: (build: Build, call: Call) => void,
  stop: (build: Build) => void,
): Readonly<Record<string, Operation<CodeBuildState>>> {
  return {
    StartBuild: {
      permissions: (input, call, state) => [onProject('StartBuild', input.projectName, call, state)],
      handle: (input, state, call) => ({ build: describeBuild(startBuild(input, state, call, begin)) }),
    },
    BatchGetBuilds: {
      permissions: (input, call, state) =>
        projectsOf(input.ids).map((name) => onProject('BatchGetBuilds', name, call, state)),
      handle: batchGet,
    },
    StopBuild: {
      permissions: (input, call, state) =>
        projectsOf([input.id]).map((name) => onProject('StopBuild', name, call, state)),
      handle(input, state) {
        const build = state.builds.get(idOf(input.id));
        if (build === undefined) throw notFound(`Build ${input.id} cannot be found`);
        stop(build);
        return { build: describeBuild(build) };
      },
    },
    ListBuildsForProject: {
      permissions: (input, call, state) => [onProject('ListBuildsForProject', input.projectName, call, state)],
      handle: list,
    },
  };
}

function startBuild(
  input: Document,
  state: CodeBuildState,
  call: Call,
  begin: (build: Build, call: Call) => void,
): Build {
  const name = nameOf(input.projectName);
  const project = state.projects.get(name);
  if (project === undefined) throw notFound(`Project cannot be found: ${projectArn(call, name)}`);
  const { idempotencyToken: token, ...rest } = input;
  const request = JSON.stringify(rest);
  const now = call.world.clock.now();
  const twin = [...state.builds.values()].find(
    (build) => token !== undefined && build.token === token && now < build.startedAt + TOKEN_MS,
  );
  if (twin !== undefined) {
    if (twin.request === request) return twin;
    throw invalidInput(`the token ${token} was used for a build with other parameters: use a new one`);
  }
  const build = newBuild(input, project, call, request);
  state.builds.set(build.id, build);
  begin(build, call);
  return build;
}

function newBuild(
  input: Document,
  project: Project,
  { world, region, accountId, principal }: Call,
  request: string,
): Build {
  const uuid = world.random.uuid();
  project.buildCount += 1;
  const { logs } = project;
  const prefix = logs?.streamPrefix === undefined ? '' : `${logs.streamPrefix}/`;
  const log = logs && { group: logs.group ?? `/aws/codebuild/${project.name}`, stream: `${prefix}${uuid}` };
  return {
    id: `${project.name}:${uuid}`,
    arn: `arn:${world.partition}:codebuild:${region}:${accountId}:build/${project.name}:${uuid}`,
    number: project.buildCount,
    accountId,
    region,
    initiator: principal.arn
      .split(':')
      .at(-1)!
      .replace(/^assumed-role\//, ''),
    project: { ...project },
    variables: overridden(project.environment.variables, input.environmentVariablesOverride ?? []),
    buildspec: input.buildspecOverride ?? project.buildspec,
    timeoutMinutes: input.timeoutInMinutesOverride ?? project.timeoutMinutes,
    startedAt: world.clock.now(),
    log,
    token: input.idempotencyToken,
    request,
    phases: [],
    networkInterfaces: [],
    status: 'IN_PROGRESS',
  };
}

function overridden(own: readonly EnvironmentVariable[], given: readonly Document[]): EnvironmentVariable[] {
  const variables = new Map(own.map((variable) => [variable.name, variable]));
  for (const { name, value, type = 'PLAINTEXT' } of given) variables.set(name, { name, value, type });
  return [...variables.values()];
}

/** By id or ARN, in the order of the request. */
function batchGet({ ids }: Document, state: CodeBuildState): Document {
  const asked = [...new Set(ids as readonly string[])];
  const found = asked.map((id) => [id, state.builds.get(idOf(id))] as const);
  return {
    builds: found.flatMap(([, build]) => (build === undefined ? [] : [describeBuild(build)])),
    buildsNotFound: found.filter(([, build]) => build === undefined).map(([id]) => id),
  };
}

/** The newest first, unless it is asked for otherwise. */
function list(input: Document, state: CodeBuildState, call: Call): Document {
  const name = nameOf(input.projectName);
  if (!state.projects.has(name)) throw notFound(`Project cannot be found: ${projectArn(call, name)}`);
  const ids = [...state.builds.values()].filter(({ project }) => project.name === name).map(({ id }) => id);
  const sorted = input.sortOrder === 'ASCENDING' ? ids : ids.reverse();
  const start = input.nextToken === undefined ? 0 : sorted.indexOf(input.nextToken) + 1;
  if (input.nextToken !== undefined && start === 0) throw invalidInput(`Invalid token: ${input.nextToken}`);
  const shown = sorted.slice(start, start + PAGE);
  return { ids: shown, ...(start + PAGE < sorted.length && { nextToken: shown.at(-1) }) };
}

/** All operations are authorized on projects: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html */
function onProject(action: string, nameOrArn: string, call: Call, state: CodeBuildState): Permission {
  const name = nameOf(nameOrArn);
  const tags = Object.entries(state.projects.get(name)?.tags ?? {});
  return {
    action: `codebuild:${action}`,
    resource: projectArn(call, name),
    context: Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
  };
}

/** The distinct projects of builds. */
function projectsOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => idOf(id).split(':')[0]!))];
}

function idOf(idOrArn: string): string {
  return idOrArn.replace(/^arn:.*:build\//, '');
}

function nameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:.*:project\//, '');
}

function projectArn({ world, region, accountId }: Call, name: string): string {
  return `arn:${world.partition}:codebuild:${region}:${accountId}:project/${name}`;
}
