import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ExplainedFinding } from './nag';
import type { Realm } from './realm';

/** All parameters that the handlers write for a stack stand below this and the name of the stack. */
const ROOT = 'cdk-settled';

/** Name of a parameter of this stack. */
export function parameterName(...names: string[]): string {
  return ['', ROOT, Aws.STACK_NAME, ...names].join('/');
}

/** Lets a handler keep the parameters of the stack, or those of it that stand further below. */
export function keepingParameters(realm: Realm, ...below: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ssm:AddTagsToResource',
      'ssm:DeleteParameter',
      'ssm:GetParameter',
      'ssm:ListTagsForResource',
      'ssm:PutParameter',
    ],
    resources: [realm.arn({ service: 'ssm', resource: ['parameter', ROOT, realm.stackName, ...below, '*'].join('/') })],
  });
}

export const OWN_PARAMETERS: ExplainedFinding = {
  rule: 'AwsSolutions-IAM5',
  reason: 'The parameters of a stack share a path that holds its name; nobody else writes there.',
  finding: /^Resource::arn:.+:ssm:.+:parameter\/cdk-settled\/.+\/\*$/,
};
