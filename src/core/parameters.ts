import { Aws, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ExplainedFinding } from './nag';

/** All parameters that the handlers write for a stack stand below this path. */
const PATH = `cdk-settled/${Aws.STACK_NAME}`;

/** Name of a parameter of this stack. */
export function parameterName(...names: string[]): string {
  return ['', PATH, ...names].join('/');
}

/** Lets a handler keep the parameters of this stack, or those of it that stand further below. */
export function keepingParameters(stack: Stack, ...below: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ssm:AddTagsToResource',
      'ssm:DeleteParameter',
      'ssm:GetParameter',
      'ssm:ListTagsForResource',
      'ssm:PutParameter',
    ],
    resources: [stack.formatArn({ service: 'ssm', resource: ['parameter', PATH, ...below, '*'].join('/') })],
  });
}

export const OWN_PARAMETERS: ExplainedFinding = {
  rule: 'AwsSolutions-IAM5',
  reason: 'The parameters of a stack share a path that holds its name; nobody else writes there.',
  finding: /^Resource::arn:.+:ssm:.+:parameter\/cdk-settled\/.+\/\*$/,
};
