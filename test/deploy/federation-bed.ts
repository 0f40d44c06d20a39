import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Testbed } from './testbed';

/** Keys of any kind, as a program holds them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the tests read with the credentials that they get: a parameter, and one beside it that nobody is allowed. */
export const REPORT = '/reports/monday';
export const LEDGER = '/ledgers/monday';

export function reports(stack: Stack): iam.PolicyStatement {
  for (const name of [REPORT, LEDGER]) {
    new ssm.StringParameter(stack, name.slice(1), { parameterName: name, stringValue: 'all is well' });
  }
  return reading(stack, REPORT);
}

export function reading(stack: Stack, name: string): iam.PolicyStatement {
  const resource = stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
  return new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [resource] });
}

/** A client's configuration with these keys, or without any. */
export function clientWith({ sandbox }: Testbed, credentials?: Keys) {
  return { region: sandbox.region, endpoint: sandbox.endpoint.url, maxAttempts: 1, credentials };
}

export function stsWith(bed: Testbed, credentials?: Keys): STSClient {
  return new STSClient(clientWith(bed, credentials));
}

/** What STS answered, as a client takes it. */
export function keysOf({ Credentials: answer }: { readonly Credentials?: Credentials }): Keys {
  return {
    accessKeyId: answer!.AccessKeyId!,
    secretAccessKey: answer!.SecretAccessKey!,
    sessionToken: answer!.SessionToken,
  };
}

/** Of a user of a stack, as `aws iam create-access-key` gives it. */
export function accessKeyOf({ sandbox }: Testbed, userName: string): Keys {
  return sandbox.credentials.forUser(sandbox.iam.users.byName(sandbox.accountId, userName)!);
}

/** The name of the error of reading a parameter, or that there was none. */
export async function readingOf(bed: Testbed, keys: Keys, name = REPORT): Promise<string> {
  return outcomeOf(new SSMClient(clientWith(bed, keys)).send(new GetParameterCommand({ Name: name })));
}

export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    ({ name }: Error) => name,
  );
}
