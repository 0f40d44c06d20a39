import type { PolicyDocument, PolicyStatement } from './principal';

/**
 * The AWS managed policies that CDK constructs attach, by what follows `arn:<partition>:iam::aws:policy/`.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: allow(['*']),
  'service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]),
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonMacieHandshakeRole.html
  'service-role/AmazonMacieHandshakeRole': allow(['iam:CreateServiceLinkedRole'], {
    'ForAnyValue:StringEquals': { 'iam:AWSServiceName': 'macie.amazonaws.com' },
  }),
};

function allow(actions: readonly string[], condition?: PolicyStatement['Condition']): PolicyDocument {
  const Condition = condition && { Condition: condition };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*', ...Condition } };
}
