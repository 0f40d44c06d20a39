import type { Credentials } from '../../iam/credentials';
import type { Iam } from '../../iam/iam';
import type { Role } from '../../iam/role';
import { NOBODY, type TrustVersion, trustAt } from '../../iam/trust-versions';

export interface StsOptions extends StsBehaviour {
  readonly iam: Iam;
  readonly credentials: Credentials;
}

/** What differs between accounts, or is not documented. */
export interface StsBehaviour {
  /** Whether STS is activated for an account in a region, and the region enabled. @default everywhere */
  readonly regionEnabled?: (accountId: string, region: string) => boolean;
  /** How long STS knows a role's trust policy only as it was before a change, and a new role not at all. @default 0 */
  readonly propagationSeconds?: number;
  /** Whether an encoded message can be decoded in an account other than that of who was refused. @default false */
  readonly decodesForeignMessages?: boolean;
  /** After how long an encoded message has expired. @default never */
  readonly messageSeconds?: number;
}

export type StsState = Readonly<Record<string, never>>;

/** Whom a role trusts, as far as STS knows; nobody when it does not know the role. */
export function spreadTrust(role: Role | undefined, now: number, { propagationSeconds = 0 }: StsOptions): TrustVersion {
  return role === undefined ? NOBODY : trustAt(role.trustVersions, now - propagationSeconds * 1000);
}
