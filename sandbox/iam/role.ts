import type { Identity } from './policy-holders';
import type { PolicyDocument } from './principal';
import type { TrustVersion } from './trust-versions';

export interface Role extends Identity {
  readonly kind: 'role';
  /** A role that is made anew under the same name gets another one; sessions and trust policies mean the id. */
  readonly roleId: string;
  readonly path: string;
  readonly trust: PolicyDocument;
  /** The ids of the roles and users that the trust policy names, as they were when it was written. */
  readonly trustedIds: ReadonlyMap<string, string>;
  /** All trust policies that the role has had, the present one last. */
  readonly trustVersions: readonly TrustVersion[];
  readonly maxSessionSeconds: number;
}

export interface NewRole extends RolePatch {
  readonly accountId: string;
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly trust: PolicyDocument;
}

/** What is given replaces what was there, policies of other names included; what is absent stays. */
export interface RolePatch {
  readonly trust?: PolicyDocument;
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly managedPolicyArns?: readonly string[];
  /** ARN of a managed policy; `null` takes the boundary away. */
  readonly permissionsBoundary?: string | null;
  /** @default 3600 */
  readonly maxSessionSeconds?: number;
  readonly tags?: Readonly<Record<string, string>>;
}
