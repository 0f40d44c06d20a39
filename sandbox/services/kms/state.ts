import type { KeyPair } from '../../crypto/key-pairs';
import type { PolicyDocument } from '../../iam/principal';

/** What KMS remembers in an account and region. */
export interface KmsState {
  /** By key id; those that wait for their deletion too. */
  readonly keys: Map<string, Key>;
  /** Key ids by alias name, such as `alias/ca`. */
  readonly aliases: Map<string, string>;
}

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly accountId: string;
  readonly spec: string;
  readonly usage: string;
  readonly multiRegion: boolean;
  /** Of asymmetric keys. */
  readonly pair?: KeyPair;
  readonly createdAt: number;
  description: string;
  enabled: boolean;
  policy: PolicyDocument;
  /** The ids of the roles that the policy names, as they were when it was written. */
  policyPrincipals: ReadonlyMap<string, string>;
  tags: Readonly<Record<string, string>>;
  /** When a key that waits for its deletion is gone. */
  deletionAt?: number;
}

/** `Enabled`, `Disabled`, `PendingDeletion`, or nothing once the waiting is over. */
export function keyState(key: Key, now: number): 'Enabled' | 'Disabled' | 'PendingDeletion' | undefined {
  if (key.deletionAt !== undefined) return now < key.deletionAt ? 'PendingDeletion' : undefined;
  return key.enabled ? 'Enabled' : 'Disabled';
}
