import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnStack, CustomResource, Stack, Tags } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { loadAssembly } from '../../../sandbox/cloudformation/assembly';
import { Lab } from './lab';

const DEFAULTS = { accountId: '111122223333', region: 'eu-central-1' };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdk-settled-assembly-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function handlerCode(): Code {
  const code = join(directory, 'code');
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => ({});');
  return Code.fromAsset(code);
}

test('stacks come in the order of their dependencies, with account, region, tags and assets', () => {
  const app = new App({ outdir: join(directory, 'cdk.out') });
  const second = new Stack(app, 'Second');
  const first = new Stack(app, 'First', { env: { account: '444455556666', region: 'us-east-1' } });
  second.addDependency(first);
  Tags.of(second).add('team', 'a');
  new Topic(first, 'Topic');
  const lambda = new LambdaFunction(second, 'F', {
    code: handlerCode(),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
  });
  const stacks = loadAssembly(app.synth().directory, DEFAULTS);
  expect(
    stacks.map(({ stackName, accountId, region, dependencies }) => [stackName, accountId, region, dependencies]),
  ).toEqual([
    ['First', '444455556666', 'us-east-1', []],
    ['Second', '111122223333', 'eu-central-1', ['First']],
  ]);
  expect(stacks[1]?.tags).toEqual({ team: 'a' });
  const template = stacks[1]!.template as { Resources: Record<string, { Properties: { Code: { S3Key: string } } }> };
  const key = template.Resources[second.getLogicalId(lambda.node.defaultChild as never)]!.Properties.Code.S3Key;
  expect(stacks[1]!.assets.directory('any', key)).toMatch(/cdk\.out\/asset\.[0-9a-f]{64}$/);
  expect(stacks[1]!.assets.directory('any', 'other.zip')).toBeUndefined();
});

test('a stack with the provider framework deploys as the CDK emits it', async () => {
  const app = new App({ outdir: join(directory, 'cdk.out') });
  const stack = new Stack(app, 'Framework');
  const lambda = (id: string) =>
    new LambdaFunction(stack, id, { code: handlerCode(), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
  const provider = new Provider(stack, 'Provider', {
    onEventHandler: lambda('OnEvent'),
    isCompleteHandler: lambda('IsComplete'),
    logGroup: new LogGroup(stack, 'Log'),
  });
  new CustomResource(stack, 'Thing', { serviceToken: provider.serviceToken, resourceType: 'Custom::Thing' });
  const [assembled] = loadAssembly(app.synth().directory, DEFAULTS);
  const it = new Lab();
  const result = await it.stacks.deploy(assembled!.template, assembled!);
  expect(result.status).toBe('CREATE_COMPLETE');
  expect(it.createdFunctions).toHaveLength(5);
  expect(it.events).toHaveLength(1);
  await it.stacks.delete('Framework', DEFAULTS.accountId, DEFAULTS.region);
  expect(it.inventory()).toEqual([expect.stringContaining('log group')]);
});

test('nested stacks are refused', () => {
  const app = new App({ outdir: join(directory, 'cdk.out') });
  new CfnStack(new Stack(app, 'Outer'), 'Inner', { templateUrl: 'https://example.com/template' });
  expect(() => loadAssembly(app.synth().directory, DEFAULTS)).toThrow('stack Outer has the nested stacks Inner');
});
