import type { Context, Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import type { SsmState } from './state';

/** Actions, ARNs and keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export function onParameter(action: string, name: string, call: Call, state: SsmState, more: Context = {}): Permission {
  const plain = nameOf(name);
  const tags = [...(state.parameters.get(plain)?.tags ?? [])].flatMap(([key, value]) =>
    ['aws:ResourceTag', 'ssm:resourceTag'].map((prefix) => [`${prefix}/${key}`, value]),
  );
  return {
    action: `ssm:${action}`,
    resource: parameterArn(call, plain),
    context: { ...Object.fromEntries(tags), ...more },
  };
}

export function putPermissions(input: Document, call: Call, state: SsmState): Permission[] {
  const tags = requestTags(input.Tags);
  const overwrite = { 'ssm:Overwrite': String(input.Overwrite ?? false) };
  const put = onParameter('PutParameter', input.Name, call, state, { ...tags, ...overwrite });
  const tagged = (input.Tags ?? []).length > 0;
  return tagged ? [put, onParameter('AddTagsToResource', input.Name, call, state, tags)] : [put];
}

export function requestTags(tags: ReadonlyArray<{ Key: string; Value: string }> | undefined): Context {
  if (tags === undefined || tags.length === 0) return {};
  const values = tags.map(({ Key, Value }): [string, string] => [`aws:RequestTag/${Key}`, Value]);
  return { ...Object.fromEntries(values), 'aws:TagKeys': tags.map(({ Key }) => Key) };
}

/** The slash that a name begins with is not doubled. */
export function parameterArn({ world, region, accountId }: Call, name: string): string {
  return `arn:${world.partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`;
}

/** The name without the version that may follow it, also out of an ARN. */
export function nameOf(selector: string): string {
  const local = /^arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(\/.+)$/.exec(selector)?.[1] ?? selector;
  return local.split(':')[0]!;
}
