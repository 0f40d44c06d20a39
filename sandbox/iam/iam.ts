import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import { AuthorizationMessages } from './authorization-messages';
import { Groups } from './groups';
import { IdentityProviders } from './identity-providers';
import { type Mutable, type PolicyHolder, PolicyHolders } from './policy-holders';
import { type NewManagedPolicy, PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import {
  checkedInlinePolicies,
  checkedTags,
  checkName,
  checkSessionDuration,
  noSuchEntity,
  ROLE_NAME_LENGTH,
} from './quotas';
import type { NewRole, Role, RolePatch } from './role';
import { withTrust } from './trust-versions';
import { trustedIds } from './trusted-ids';
import { Users } from './users';

/**
 * Roles, users, groups, identity providers and policies of all accounts, with IAM's limits. It has no wire: CloudFormation and the
 * services use it directly.
 */
export class Iam {
  private readonly rolesByArn = new Map<string, Mutable<Role>>();
  private readonly managedPolicies: PolicyStore;
  readonly users: Users;
  readonly groups: Groups;
  /** Inline and attached policies of roles, users and groups. */
  readonly policies: PolicyHolders;
  readonly identityProviders: IdentityProviders;
  /** Refusals in the form that only DecodeAuthorizationMessage can read. */
  readonly messages: AuthorizationMessages;
  /**
   * What organizations say of their accounts, by account. `FullAWSAccess`, which AWS attaches, stands beside them: so only
   * what they deny counts.
   */
  readonly serviceControlPolicies = new Map<string, readonly PolicyDocument[]>();

  /** Without a clock all trust policies are as old as time. */
  constructor(
    private readonly partition: string,
    private readonly random: Random,
    private readonly clock?: Clock,
  ) {
    this.managedPolicies = new PolicyStore(partition);
    this.users = new Users(partition, random, this.managedPolicies);
    this.groups = new Groups(partition, random, this.managedPolicies, this.users);
    this.policies = new PolicyHolders(this.managedPolicies, () => this.holders());
    this.identityProviders = new IdentityProviders(partition);
    this.messages = new AuthorizationMessages(random.seed, () => this.now());
  }

  createRole(role: NewRole): Role {
    const path = role.path ?? '/';
    checkName('role', role.name, ROLE_NAME_LENGTH);
    if (this.roleByName(role.accountId, role.name) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `Role with name ${role.name} already exists.`, 409);
    }
    const created: Mutable<Role> = {
      kind: 'role',
      arn: `arn:${this.partition}:iam::${role.accountId}:role${path}${role.name}`,
      roleId: `AROA${this.random.string(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      name: role.name,
      path,
      accountId: role.accountId,
      trust: role.trust,
      trustedIds: new Map(),
      trustVersions: [],
      inlinePolicies: new Map(),
      managedPolicyArns: new Set(),
      maxSessionSeconds: 3600,
      tags: {},
    };
    this.apply(created, role);
    this.rolesByArn.set(created.arn, created);
    return created;
  }

  updateRole(arn: string, patch: RolePatch): void {
    this.apply(this.existing(arn), patch);
  }

  /** Deletes the role with its inline policies and attachments. */
  deleteRole(arn: string): void {
    this.existing(arn);
    this.rolesByArn.delete(arn);
  }

  createManagedPolicy(policy: NewManagedPolicy): { arn: string } {
    return this.managedPolicies.create(policy);
  }

  updateManagedPolicy(arn: string, document: PolicyDocument): void {
    this.managedPolicies.update(arn, document);
  }

  deleteManagedPolicy(arn: string): void {
    this.managedPolicies.checkExists(arn);
    if (this.policies.isUsed(arn)) {
      throw new ServiceError('DeleteConflict', `Policy ${arn} is attached to somebody: detach it first.`, 409);
    }
    this.managedPolicies.delete(arn);
  }

  role(arn: string): Role | undefined {
    return this.rolesByArn.get(arn);
  }

  roleByName(accountId: string, name: string): Role | undefined {
    // Names are unique in an account whatever their case and path.
    return this.roles(accountId).find((role) => role.name.toLowerCase() === name.toLowerCase());
  }

  roles(accountId: string): readonly Role[] {
    return [...this.rolesByArn.values()].filter((role) => role.accountId === accountId);
  }

  /** ARNs of the customer managed policies of an account. */
  managedPolicyArns(accountId: string): readonly string[] {
    return this.managedPolicies.arnsOf(accountId);
  }

  /** A customer's or AWS's own managed policy. */
  managedPolicy(arn: string): PolicyDocument | undefined {
    return this.managedPolicies.get(arn);
  }

  /** Everything that is granted to a role as of now; nothing once it is deleted. */
  policiesOf(roleArn: string): readonly PolicyDocument[] {
    const role = this.rolesByArn.get(roleArn);
    return role === undefined ? [] : this.policies.documentsOf(role);
  }

  private *holders(): Iterable<Mutable<PolicyHolder>> {
    yield* this.rolesByArn.values();
    yield* this.users.all();
    yield* this.groups.all();
  }

  private apply(role: Mutable<Role>, patch: RolePatch): void {
    // All is checked before anything is changed.
    const { trust, inlinePolicies, managedPolicyArns, permissionsBoundary, maxSessionSeconds, tags } = patch;
    if (maxSessionSeconds !== undefined) checkSessionDuration(maxSessionSeconds);
    const checked: Partial<Mutable<Role>> = {
      ...(trust && this.checkedTrust(role, trust)),
      ...(inlinePolicies && {
        inlinePolicies: checkedInlinePolicies(new Map(Object.entries(inlinePolicies)), role),
      }),
      ...(managedPolicyArns && {
        managedPolicyArns: this.managedPolicies.checkedAttachments(role, managedPolicyArns),
      }),
      ...(permissionsBoundary !== undefined && {
        permissionsBoundary: this.managedPolicies.checkedBoundary(role.accountId, permissionsBoundary),
      }),
      ...(maxSessionSeconds !== undefined && { maxSessionSeconds }),
      ...(tags && { tags: checkedTags(tags, 'role') }),
    };
    Object.assign(role, checked);
  }

  private checkedTrust({ trustVersions }: Role, trust: PolicyDocument) {
    const ids = trustedIds(trust, (arn) => this.rolesByArn.get(arn)?.roleId ?? this.users.user(arn)?.userId);
    const version = { since: this.now(), trust, trustedIds: ids };
    return { trust, trustedIds: ids, trustVersions: withTrust(trustVersions, version) };
  }

  private now(): number {
    return this.clock?.now() ?? 0;
  }

  private existing(arn: string): Mutable<Role> {
    const role = this.rolesByArn.get(arn);
    if (role === undefined) throw noSuchEntity(`The role with name ${arn.split('/').at(-1)} cannot be found.`);
    return role;
  }
}

export type { NewRole, Role, RolePatch } from './role';
