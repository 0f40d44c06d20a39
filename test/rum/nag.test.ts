import { Aspects, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AppMonitor, Authorization } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import { type Json, testStack } from '../support/synthesis';

/** What cdk-nag says against a stack: `<path> <rule and finding>`. */
function findings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false }));
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())].map(
    ({ id, entry }) => `${id} ${String(entry.data).split(': ')[0]}`,
  );
}

function withMonitors(): Stack {
  const stack = testStack();
  new AppMonitor(stack, 'Default', { domain: 'example.com' });
  new AppMonitor(stack, 'Logging', { domain: 'example.com', cwLogEnabled: true });
  new AppMonitor(stack, 'Classic', {
    domain: 'example.com',
    appMonitorName: 'shop',
    authorization: Authorization.cognito({ classicFlow: true }),
  });
  new AppMonitor(stack, 'Elsewhere', {
    domain: 'example.com',
    assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring'),
  });
  return stack;
}

interface Suppression {
  readonly id: string;
  readonly reason: string;
  readonly applies_to?: Json[];
}

/** All suppressions of a template, by the type of their resource. */
function suppressions(template: Template): Array<Suppression & { readonly type: string }> {
  return Object.values<Json>(template.toJSON().Resources).flatMap(({ Type, Metadata }) =>
    (Metadata?.cdk_nag?.rules_to_suppress ?? []).map((rule: Suppression) => ({ ...rule, type: Type })),
  );
}

test('cdk-nag finds nothing in monitors of all kinds that is not explained', () => {
  expect(findings(withMonitors())).toEqual([]);
});

test('cdk-nag finds nothing in a stack whose account and region are known', () => {
  const stack = testStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  new AppMonitor(stack, 'Default', { domain: 'example.com', cwLogEnabled: true });
  expect(findings(stack)).toEqual([]);
});

describe('explanations', () => {
  const stack = withMonitors();
  const all = suppressions(Template.fromStack(stack));

  test('are given for these rules and no others', () => {
    expect([...new Set(all.map(({ type, id }) => `${type} ${id}`))].sort()).toEqual([
      'AWS::Cognito::IdentityPool AwsSolutions-COG7',
      'AWS::IAM::Policy AwsSolutions-IAM5',
      'AWS::Lambda::Function AwsSolutions-L1',
      'AWS::StepFunctions::StateMachine AwsSolutions-SF1',
      'AWS::StepFunctions::StateMachine AwsSolutions-SF2',
    ]);
  });

  test('say a reason in a sentence', () => {
    for (const { reason } of all) expect(reason).toMatch(/^.{30,}\.$/);
  });

  test('of wildcards are given for the very findings', () => {
    for (const { id, applies_to } of all) {
      if (id === 'AwsSolutions-IAM5') expect(applies_to).toEqual([{ regex: expect.stringMatching(/^\/\^Resource::/) }]);
    }
  });

  test('do not hide a further wildcard in the role of the handler', () => {
    const changed = withMonitors();
    const role = changed.node.findChild('CdkSettledRumProvider').node.findChild('Role') as iam.Role;
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::*'] }));
    expect(findings(changed)).toEqual([
      expect.stringContaining('/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Action::s3:*]'),
      expect.stringContaining('/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:aws:s3:::*]'),
    ]);
  });

  test('do not hide findings in what else a stack holds', () => {
    const changed = withMonitors();
    new iam.User(changed, 'User').addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    expect(findings(changed)).toEqual([expect.stringContaining('AwsSolutions-IAM5[Resource::*]')]);
  });
});
