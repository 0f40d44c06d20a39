import type { RoleOptions } from './role-options';

/** What roles for users of an identity provider have in common. */
export interface FederatedRoleOptions extends RoleOptions {
  /**
   * Further conditions of the trust policy, by operator and key; all of them must hold beside those of the role itself.
   * Updated in place.
   *
   * @default - none
   */
  readonly conditions?: { [operator: string]: { [key: string]: unknown } };

  /**
   * Whether the provider may set session tags (`sts:TagSession`). Without it, who comes with tags is turned away. Updated
   * in place.
   *
   * @default false
   */
  readonly sessionTags?: boolean;

  /**
   * Whether the provider may set a source identity (`sts:SetSourceIdentity`). Without it, who comes with one is turned
   * away. Updated in place.
   *
   * @default false
   */
  readonly sourceIdentity?: boolean;
}
