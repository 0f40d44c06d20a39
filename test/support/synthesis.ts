import { App, type Environment, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** An app that is synthesized quickly: assets are hashed, not copied. */
export function testApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { 'aws:cdk:disable-asset-staging': true, ...context }, analyticsReporting: false });
}

export function testStack(props: StackProps = {}, context: Record<string, unknown> = {}): Stack {
  return new Stack(testApp(context), 'Stack', props);
}

export const IRELAND: Environment = { account: '111111111111', region: 'eu-west-1' };

/** The template of a stack that holds what `build` makes in it. */
export function synthesize(build: (stack: Stack) => void, props: StackProps = {}): Template {
  const stack = testStack(props);
  build(stack);
  return Template.fromStack(stack);
}

// biome-ignore lint/suspicious/noExplicitAny: templates have no type
export type Json = any;

/** The resources of a type. */
export function resourcesOf(template: Template, type: string): Json[] {
  return Object.values(template.findResources(type));
}

/** The only resource of a type. */
export function onlyResource(template: Template, type: string): Json {
  const resources = resourcesOf(template, type);
  expect(resources).toHaveLength(1);
  return resources[0];
}

export const MONITOR = 'Custom::SettledRumAppMonitor';

/** Properties of the only app monitor. */
export function monitorProperties(template: Template): Json {
  return onlyResource(template, MONITOR).Properties;
}

/** All statements that the policies of a template give to the role whose logical id begins so. */
export function statementsOf(template: Template, roleIdPrefix: string): Json[] {
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter((policy) => policy.Properties.Roles.some((role: Json) => role.Ref?.startsWith(roleIdPrefix)))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

export function actionsOf(statements: Json[]): string[] {
  return statements.flatMap((statement) => statement.Action).sort();
}

/** Logical id prefix of the role that makes the calls for app monitors. */
export const HANDLER_ROLE = 'CdkSettledRumProviderRole';

/** The message of the error that `run` throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A resolved value with intrinsic functions replaced by text, as CloudFormation would do. */
export function filledIn(value: Json, references: Readonly<Record<string, string>> = REFERENCES): Json {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, references));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return references[value.Ref] ?? `[${value.Ref}]`;
  if ('Fn::GetAtt' in value) return references[value['Fn::GetAtt'].join('.')] ?? `[${value['Fn::GetAtt'].join('.')}]`;
  if ('Fn::Join' in value) return filledIn(value['Fn::Join'][1], references).join(value['Fn::Join'][0]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, references)]));
}

export const REFERENCES: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '111111111111',
  'AWS::StackName': 'Stack',
  'AWS::StackId': 'arn:aws:cloudformation:eu-west-1:111111111111:stack/Stack/01234567-89ab-cdef-0123-456789abcdef',
  'AWS::URLSuffix': 'amazonaws.com',
};
