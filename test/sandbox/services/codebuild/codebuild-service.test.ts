import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  type StartBuildCommandInput,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import type { CodeBuildOptions } from '../../../../sandbox/services/codebuild/options';
import type { BuildOrder } from '../../../../sandbox/services/codebuild/runner';
import type { ProjectSettings } from '../../../../sandbox/services/codebuild/state';
import { ACCOUNT, allow, errorOf, REGION, SupportingBed, trustOf } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

const at = [ACCOUNT, REGION] as const;
const LOGS = allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);
/** What CDK grants to a project in a VPC. */
const NETWORK = [
  allow([
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeVpcs',
  ]),
  allow('ec2:CreateNetworkInterfacePermission', `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/*`, {
    StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
  }),
];

async function start(options: CodeBuildOptions = {}, statements: object[] = [LOGS]) {
  const orders: BuildOrder[] = [];
  const runner = (order: BuildOrder) => {
    orders.push(order);
    return { succeeded: true, log: ['hello', 'world'] };
  };
  const bed = await SupportingBed.start({ codeBuild: { runner, ...options } });
  const role = bed.iam.createRole({
    accountId: ACCOUNT,
    name: 'Build',
    trust: trustOf({ Service: 'codebuild.amazonaws.com' }),
    inlinePolicies: { own: { Version: '2012-10-17', Statement: statements as never } },
  });
  const client = new CodeBuildClient(bed.admin());
  const project = (more: Partial<ProjectSettings> = {}, name = 'activation') =>
    bed.tools.codeBuild.create(...at, name, {
      serviceRole: role.arn,
      buildspec: '{"version":"0.2"}',
      environment: { type: 'LINUX_CONTAINER', image: 'image', computeType: 'SMALL', privileged: false, variables: [] },
      timeoutMinutes: 60,
      logs: {},
      tags: {},
      ...more,
    });
  const begin = async (more: Partial<StartBuildCommandInput> = {}) =>
    (await client.send(new StartBuildCommand({ projectName: 'activation', ...more }))).build!;
  const get = async (id: string | undefined) =>
    (await client.send(new BatchGetBuildsCommand({ ids: [id!] }))).builds![0]!;
  const built = async (more: Partial<StartBuildCommandInput> = {}) => {
    const { id } = await begin(more);
    await bed.clock.sleep(90_000);
    return get(id);
  };
  const vpc = () => {
    const { network } = bed.tools.ec2;
    const { id: vpcId } = network.createVpc(...at, { cidr: '10.0.0.0/16' });
    const subnets = ['a', 'b'].map((zone, index) => {
      const settings = { vpcId, cidr: `10.0.${index}.0/24`, availabilityZone: `${REGION}${zone}` };
      return network.createSubnet(...at, settings).id;
    });
    const group = network.createSecurityGroup(...at, { vpcId, name: 'build', description: 'build' }).id;
    return { vpcId, subnets, securityGroupIds: [group] };
  };
  const inventory = () => bed.supporting.all.flatMap((service) => service.inventory(bed.world.state(service, ...at)));
  const lines = () => bed.tools.logGroups.lines(...at);
  return { bed, role, client, project, begin, get, built, vpc, orders, inventory, lines };
}

/** Why a build failed. */
function failure(build: {
  phases?: Array<{ phaseType?: string; contexts?: Array<{ statusCode?: string; message?: string }> }>;
}) {
  const phase = build.phases?.find(({ contexts }) => contexts !== undefined);
  return { phase: phase?.phaseType, ...phase?.contexts?.[0] };
}

test('a build takes virtual time, runs what the runner says, and its log can be read', async () => {
  const { bed, project, begin, get, orders, lines, inventory } = await start();
  project();
  const build = await begin();
  expect(build).toMatchObject({
    id: expect.stringMatching(/^activation:[0-9a-f-]{36}$/),
    buildNumber: 1,
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'PROVISIONING',
  });
  expect(inventory()).toContain(`codebuild build ${build.id}`);
  await bed.clock.sleep(60_000);
  expect(await get(build.id)).toMatchObject({ currentPhase: 'BUILD', buildStatus: 'IN_PROGRESS' });
  expect(orders).toEqual([]);
  await bed.clock.sleep(30_000);
  const ended = await get(build.id);
  expect(ended).toMatchObject({ currentPhase: 'COMPLETED', buildStatus: 'SUCCEEDED', buildComplete: true });
  expect(ended.endTime!.getTime() - ended.startTime!.getTime()).toBe(90_000);
  expect(ended.logs).toMatchObject({
    groupName: '/aws/codebuild/activation',
    streamName: build.id!.split(':')[1],
    deepLink: expect.stringContaining('$252Faws$252Fcodebuild$252Factivation/log-events/'),
  });
  expect(lines()).toEqual(['hello', 'world', 'Phase complete: BUILD State: SUCCEEDED']);
  expect(inventory()).toEqual(['codebuild project activation', 'log group /aws/codebuild/activation']);
});

test('without a runner every build fails and says so', async () => {
  const { project, built, lines } = await start({ runner: undefined as never });
  project();
  expect(await built()).toMatchObject({ buildStatus: 'FAILED' });
  expect(lines()).toEqual(['no runner', 'Phase complete: BUILD State: FAILED']);
});

test('variables of the request go over those of the project', async () => {
  const { project, built, orders } = await start();
  const variables = [
    { name: 'A', value: '1', type: 'PLAINTEXT' },
    { name: 'B', value: '2', type: 'PLAINTEXT' },
  ] as const;
  project({ environment: { type: 't', image: 'i', computeType: 'c', privileged: false, variables } });
  const build = await built({ environmentVariablesOverride: [{ name: 'B', value: '3' }], buildspecOverride: '{}' });
  expect(orders[0]).toMatchObject({
    project: 'activation',
    buildspec: '{}',
    environment: { A: '1', B: '3', AWS_REGION: REGION, CODEBUILD_BUILD_ID: build.id },
    vpc: undefined,
    accountId: ACCOUNT,
    region: REGION,
  });
});

describe('secrets and parameters', () => {
  const secretAccess = allow('secretsmanager:GetSecretValue');

  test('are read by the role of the project and never told', async () => {
    const { bed, project, built, orders } = await start({}, [LOGS, secretAccess, allow('ssm:GetParameters')]);
    bed.tools.secrets.create(...at, { name: 'plain', value: 'p1' });
    const { arn } = bed.tools.secrets.create(...at, { name: 'json', value: '{"password":"p2"}' });
    bed.tools.parameters.put(...at, { name: '/anchor', value: 'p3', type: 'String' });
    project();
    const build = await built({
      environmentVariablesOverride: [
        { name: 'PLAIN', value: 'plain', type: 'SECRETS_MANAGER' },
        { name: 'FIELD', value: 'json:password:AWSCURRENT', type: 'SECRETS_MANAGER' },
        { name: 'BY_ARN', value: `${arn}:password`, type: 'SECRETS_MANAGER' },
        { name: 'ANCHOR', value: '/anchor', type: 'PARAMETER_STORE' },
      ],
    });
    expect(orders[0]?.environment).toMatchObject({ PLAIN: 'p1', FIELD: 'p2', BY_ARN: 'p2', ANCHOR: 'p3' });
    expect(JSON.stringify(build)).not.toMatch(/"p[123]"/);
  });

  test.each([
    [
      'the role may not',
      [LOGS],
      'plain',
      /^AccessDeniedException: User: .*\/AWSCodeBuild-.*secretsmanager:GetSecretValue/,
    ],
    ['the secret is missing', [LOGS, secretAccess], 'none', /^ResourceNotFoundException: /],
    ['the key is missing', [LOGS, secretAccess], 'plain:none', /the JSON key none is not in the secret plain/],
  ])('fail the build when %s', async (_, statements, value, message) => {
    const { bed, project, built, orders } = await start({}, statements);
    bed.tools.secrets.create(...at, { name: 'plain', value: 'p1' });
    project();
    const build = await built({ environmentVariablesOverride: [{ name: 'X', value, type: 'SECRETS_MANAGER' }] });
    expect(build.buildStatus).toBe('FAILED');
    expect(failure(build)).toMatchObject({
      phase: 'DOWNLOAD_SOURCE',
      statusCode: 'Secrets Manager Error',
      message: expect.stringMatching(message),
    });
    expect(orders).toEqual([]);
  });
});

describe('in a VPC', () => {
  test('a build has a network interface while it runs', async () => {
    const { bed, project, begin, vpc, orders, inventory } = await start({}, [LOGS, ...NETWORK]);
    const network = vpc();
    project({ vpc: network });
    const { arn } = await begin();
    await bed.clock.sleep(60_000);
    expect(inventory()).toContainEqual(
      expect.stringMatching(`^network interface eni-\\w+ \\(AWS CodeBuild ${arn}\\)$`),
    );
    await bed.clock.sleep(30_000);
    expect(inventory()).not.toContainEqual(expect.stringContaining('network interface'));
    expect(orders[0]?.vpc).toEqual(network);
  });

  test.each([
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DeleteNetworkInterface',
    'ec2:CreateNetworkInterfacePermission',
  ])('a build fails without %s', async (action) => {
    const { bed, role, project, built, vpc } = await start({}, [LOGS, ...NETWORK]);
    project({ vpc: vpc() });
    bed.iam.policies.put(role.arn, 'less', {
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action: action, Resource: '*' },
    });
    const build = await built();
    expect(build.buildStatus).toBe('FAILED');
    expect(failure(build)).toMatchObject({
      phase: 'PROVISIONING',
      statusCode: 'VPC_CLIENT_ERROR',
      message: expect.stringContaining(action),
    });
  });

  test('a project is not made for a role that cannot look at the network, nor for parts that are not there', async () => {
    const { project, vpc } = await start({}, [LOGS]);
    expect(() => project({ vpc: vpc() })).toThrow('Not authorized to perform DescribeSubnets');
    const other = await start({}, [LOGS, ...NETWORK]);
    const network = other.vpc();
    expect(() => other.project({ vpc: { ...network, subnets: ['subnet-0'] } })).toThrow("The subnet ID 'subnet-0'");
    expect(() => other.project({ vpc: { ...network, securityGroupIds: ['sg-0'] } })).toThrow(
      "The security group 'sg-0'",
    );
  });

  test('an interface stays behind when the role is gone at the end', async () => {
    const { bed, role, project, begin, vpc, inventory } = await start({}, [LOGS, ...NETWORK]);
    project({ vpc: vpc() });
    await begin();
    await bed.clock.sleep(60_000);
    bed.iam.deleteRole(role.arn);
    await bed.clock.sleep(30_000);
    expect(inventory()).toContainEqual(expect.stringContaining('network interface'));
  });
});

test('a role must exist and trust CodeBuild', async () => {
  const { bed, project } = await start();
  const { role } = bed.role('Lambda', []);
  for (const serviceRole of [role.arn, `arn:aws:iam::${ACCOUNT}:role/none`]) {
    expect(() => project({ serviceRole })).toThrow(
      `CodeBuild is not authorized to perform: sts:AssumeRole on ${serviceRole}`,
    );
  }
});

test('a build fails when its role cannot write the log, and one without a log needs no right to', async () => {
  const { project, built, lines } = await start({}, [allow('logs:CreateLogStream')]);
  project();
  expect(failure(await built())).toMatchObject({ phase: 'PROVISIONING', statusCode: 'ACCESS_DENIED' });
  project({ logs: undefined }, 'silent');
  const build = await built({ projectName: 'silent' });
  expect(build).toMatchObject({ buildStatus: 'SUCCEEDED' });
  expect(build.logs).toBeUndefined();
  expect(lines()).toEqual([]);
});

test('a token means the same build for five minutes, unless the request is another', async () => {
  const { bed, project, begin } = await start();
  project();
  const first = await begin({ idempotencyToken: 't' });
  expect((await begin({ idempotencyToken: 't' })).id).toBe(first.id);
  const other = await errorOf(begin({ idempotencyToken: 't', buildspecOverride: '{}' }));
  expect(other.name).toBe('InvalidInputException');
  await bed.clock.sleep(5 * 60_000);
  expect((await begin({ idempotencyToken: 't' })).id).not.toBe(first.id);
});

test('a stopped build has no effect, and leaves the network', async () => {
  const { bed, client, project, begin, get, orders, vpc, inventory } = await start({}, [LOGS, ...NETWORK]);
  project({ vpc: vpc() });
  const { id } = await begin();
  await bed.clock.sleep(60_000);
  const { build } = await client.send(new StopBuildCommand({ id }));
  expect(build).toMatchObject({ buildStatus: 'STOPPED', currentPhase: 'COMPLETED' });
  await bed.clock.sleep(60_000);
  expect(await get(id)).toMatchObject({ buildStatus: 'STOPPED' });
  expect(orders).toEqual([]);
  expect(inventory()).not.toContainEqual(expect.stringContaining('network interface'));
});

test('a build that takes too long is ended', async () => {
  const { bed, project, begin, get, orders } = await start({ buildSeconds: 400 });
  project({ timeoutMinutes: 5 });
  const { id } = await begin();
  await bed.clock.sleep(400_000);
  expect(await get(id)).toMatchObject({ buildStatus: 'TIMED_OUT' });
  expect(orders).toEqual([]);
});

test('a runner that breaks is a fault, not a failure', async () => {
  const runner = () => {
    throw new Error('a bug in the runner');
  };
  const { project, built } = await start({ runner });
  project();
  expect(failure(await built())).toMatchObject({ message: 'a bug in the runner' });
  expect((await built()).buildStatus).toBe('FAULT');
});

test('builds are listed, the newest first, and outlive their project', async () => {
  const { bed, client, project, begin, get } = await start();
  project();
  const ids = [(await begin()).id, (await begin()).id];
  const list = async (sortOrder?: 'ASCENDING') =>
    (await client.send(new ListBuildsForProjectCommand({ projectName: 'activation', sortOrder }))).ids;
  expect(await list()).toEqual([...ids].reverse());
  expect(await list('ASCENDING')).toEqual(ids);
  bed.tools.codeBuild.delete(...at, 'activation');
  expect(await errorOf(list())).toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await errorOf(begin())).toMatchObject({ name: 'ResourceNotFoundException' });
  await bed.clock.sleep(90_000);
  expect(await get(ids[0])).toMatchObject({ buildStatus: 'SUCCEEDED' });
  const { buildsNotFound } = await client.send(new BatchGetBuildsCommand({ ids: ['activation:none'] }));
  expect(buildsNotFound).toEqual(['activation:none']);
});

test('calls need the permission on the project', async () => {
  const { bed, project } = await start();
  project();
  project({}, 'other');
  const resource = `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/activation`;
  const client = new CodeBuildClient(
    bed.as('Starter', allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds'], resource)),
  );
  const { build } = await client.send(new StartBuildCommand({ projectName: 'activation' }));
  await client.send(new BatchGetBuildsCommand({ ids: [build!.id!] }));
  for (const command of [
    new StartBuildCommand({ projectName: 'other' }),
    new StopBuildCommand({ id: build!.id }),
    new BatchGetBuildsCommand({ ids: [build!.id!, 'other:x'] }),
  ]) {
    expect((await errorOf(client.send(command as StartBuildCommand))).name).toBe('AccessDeniedException');
  }
});
