import type { Template } from 'aws-cdk-lib/assertions';
import type { Context, Principal } from '../../sandbox/iam/principal';
import { evaluateTrust, type Party } from '../../sandbox/iam/trust';
import { filledIn, type Json, onlyResource } from './synthesis';

/** The trust policy of the only role of a template, as CloudFormation makes it. */
export function trustPolicy(template: Template): Json {
  return filledIn(onlyResource(template, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument);
}

/** Whether IAM, as the sandbox has it, lets the party do all of this with the only role of a template. */
export function trusts(template: Template, party: Party, action: string | string[], context: Context = {}): boolean {
  const role = { arn: 'arn:aws:iam::111111111111:role/role', trust: trustPolicy(template) };
  return [action].flat().every((asked) => evaluateTrust(role, party, asked, context) === 'allowed');
}

/** A session of a role, with the tags of that role. */
export function sessionOf(accountId: string, tags: Readonly<Record<string, string>> = {}, role = 'caller'): Principal {
  return {
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/session`,
    roleArn: `arn:aws:iam::${accountId}:role/${role}`,
    userId: 'AROA:session',
    accessKeyId: 'ASIA',
    sessionTags: tags,
  };
}
