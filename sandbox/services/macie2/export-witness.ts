import type { KmsKeys } from '../kms/keys';
import { keyState } from '../kms/state';
import type { ExportBucket, ExportKey, ExportWitness } from './options';

/** What Macie finds when it looks at a bucket and a key for results: keys of the sandbox's KMS, buckets of whoever knows. */
export function exportWitness(
  bucket: (name: string) => ExportBucket | undefined,
  keys: Pick<KmsKeys, 'state'>,
): ExportWitness {
  return {
    bucket,
    key(arn, { world }): ExportKey | undefined {
      const [, , , region = '', accountId = '', resource = ''] = arn.split(':');
      const key = keys.state(accountId, region).keys.get(resource.replace(/^key\//, ''));
      const state = key && keyState(key, world.clock.now());
      if (key === undefined || state === undefined) return undefined;
      return { spec: key.spec, usage: key.usage, enabled: state === 'Enabled', policy: key.policy };
    },
  };
}
