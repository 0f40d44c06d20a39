import type { PolicyDocument } from '../../iam/principal';
import type { KeySettings } from '../../services/kms/keys';
import type { Key } from '../../services/kms/state';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';
import { tagsOf } from './tags';

/** A key; deleting it begins the time that it waits for its deletion. Rotation is kept as a setting only. */
export const kmsKey = immediate({
  name: 'AWS::KMS::Key',
  properties: [
    'BypassPolicyLockoutSafetyCheck',
    'Description',
    'EnableKeyRotation',
    'Enabled',
    'KeyPolicy',
    'KeySpec',
    'KeyUsage',
    'MultiRegion',
    'Origin',
    'PendingWindowInDays',
    'RotationPeriodInDays',
    'Tags',
  ],
  taggable: true,
  standing: false,

  make({ tools, accountId, region, properties }) {
    checkSettings(properties);
    const { id, arn } = tools.kms.create(accountId, region, settingsOf(properties));
    return { physicalId: id, attributes: { Arn: arn, KeyId: id } };
  },

  change({ tools, accountId, region, properties }, current) {
    checkUnchanged(settingsOf(properties), tools.kms.state(accountId, region).keys.get(current.physicalId));
    checkSettings(properties);
    tools.kms.update(accountId, region, current.physicalId, settingsOf(properties));
    return current;
  },

  remove({ tools, accountId, region }, { physicalId, properties: { PendingWindowInDays: days } }) {
    const key = tools.kms.state(accountId, region).keys.get(physicalId);
    if (key === undefined || key.deletionAt !== undefined) return;
    tools.kms.scheduleDeletion(accountId, region, physicalId, days === undefined ? undefined : Number(days));
  },
});

export const kmsAlias = immediate({
  name: 'AWS::KMS::Alias',
  properties: ['AliasName', 'TargetKeyId'],
  required: ['AliasName', 'TargetKeyId'],
  replacedBy: ['AliasName'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const name = properties.AliasName as string;
    tools.kms.createAlias(accountId, region, name, properties.TargetKeyId as string);
    return { physicalId: name, attributes: {} };
  },

  change({ tools, accountId, region, properties }, current) {
    tools.kms.pointAlias(accountId, region, current.physicalId, properties.TargetKeyId as string);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    if (tools.kms.state(accountId, region).aliases.has(physicalId))
      tools.kms.deleteAlias(accountId, region, physicalId);
  },
});

/** An update that changes what a key is fails, so that nobody loses a key by it. */
function checkUnchanged(settings: KeySettings, key: Key | undefined): void {
  if (key === undefined) return;
  const { spec = 'SYMMETRIC_DEFAULT', usage = 'ENCRYPT_DECRYPT', multiRegion } = settings;
  const same = {
    KeySpec: spec === key.spec,
    KeyUsage: usage === key.usage,
    MultiRegion: multiRegion === key.multiRegion,
  };
  const changed = Object.entries(same).filter(([, unchanged]) => !unchanged);
  if (changed.length === 0) return;
  const names = changed.map(([name]) => name).join(', ');
  throw new ResourceFailure(`You cannot change ${names} of an AWS KMS key: make a new key instead`);
}

function checkSettings({ EnableKeyRotation, KeySpec = 'SYMMETRIC_DEFAULT', Origin = 'AWS_KMS' }: Properties): void {
  if (Origin !== 'AWS_KMS') throw new ResourceFailure(`the sandbox makes keys of origin AWS_KMS only, got ${Origin}`);
  if (String(EnableKeyRotation ?? false) === 'true' && KeySpec !== 'SYMMETRIC_DEFAULT') {
    throw new ResourceFailure('You cannot set the EnableKeyRotation property to true on asymmetric or external keys.');
  }
}

function settingsOf(properties: Properties): KeySettings {
  return {
    spec: properties.KeySpec as string | undefined,
    usage: properties.KeyUsage as string | undefined,
    multiRegion: String(properties.MultiRegion ?? false) === 'true',
    description: properties.Description as string | undefined,
    enabled: String(properties.Enabled ?? true) === 'true',
    policy: properties.KeyPolicy as PolicyDocument | undefined,
    tags: tagsOf(properties),
  };
}
