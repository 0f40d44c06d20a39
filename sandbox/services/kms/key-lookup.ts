import type { Permission } from '../../iam/principal';
import type { Call, Document, Service } from '../service';
import { notFound } from './errors';
import { type Key, type KmsState, keyState } from './state';

/**
 * The key that a request names by its id, its ARN, an alias or an alias's ARN; with an ARN also one of another account.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
export function keyOf(name: string, call: Call, service: Service<KmsState>): Key {
  const { world } = call;
  const arn = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):(key|alias)\/(.+)$/.exec(name);
  if (arn !== null && arn[1] !== call.region) throw notFound(`Invalid arn ${arn[1]}`);
  const accountId = arn?.[2] ?? call.accountId;
  const state = world.state(service, accountId, call.region);
  const isAlias = arn === null ? name.startsWith('alias/') : arn[3] === 'alias';
  const local = arn === null ? name : isAlias ? `alias/${arn[4]}` : arn[4]!;
  const fullName = `arn:${world.partition}:kms:${call.region}:${accountId}:${isAlias ? local : `key/${local}`}`;
  if (isAlias && !state.aliases.has(local)) throw notFound(`Alias ${fullName} is not found.`);
  const key = state.keys.get(isAlias ? state.aliases.get(local)! : local);
  if (key === undefined || keyState(key, world.clock.now()) === undefined) {
    throw notFound(`Key '${fullName}' does not exist`);
  }
  return key;
}

/** A call on a key: the key's own policy must allow it, be it only by leaving it to the account's policies. */
export function keyPermission(action: string, input: Document, call: Call, service: Service<KmsState>): Permission {
  const key = keyOf(input.KeyId, call, service);
  const { aliases } = call.world.state(service, key.accountId, call.region);
  const own = [...aliases].filter(([, id]) => id === key.id).map(([name]) => name);
  const optional = {
    'kms:SigningAlgorithm': input.SigningAlgorithm,
    'kms:MessageType': input.MessageType,
    'kms:RequestAlias': /(?:^|:)(alias\/.+)$/.exec(input.KeyId)?.[1],
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    action: `kms:${action}`,
    resource: key.arn,
    resourcePolicy: { document: key.policy, mandatory: true, principalIds: key.policyPrincipals },
    // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    context: {
      'kms:CallerAccount': call.accountId,
      'kms:KeySpec': key.spec,
      'kms:KeyUsage': key.usage,
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:ResourceAliases': own,
      ...Object.fromEntries(Object.entries(key.tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value])),
      ...Object.fromEntries(given),
    },
  };
}
