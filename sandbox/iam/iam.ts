import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import { AuthorizationMessages } from './authorization-messages';
import { IdentityProviders } from './identity-providers';
import { type NewManagedPolicy, PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import { checkedInlinePolicies, checkName, checkSessionDuration, noSuchEntity, ROLE_NAME_LENGTH } from './quotas';
import type { NewRole, Role, RolePatch } from './role';
import { withTrust } from './trust-versions';
import { trustedIds } from './trusted-ids';
import { Users } from './users';

/**
 * Roles, users, identity providers and policies of all accounts, with IAM's limits. It has no wire: CloudFormation and the
 * services use it directly.
 */
export class Iam {
  private readonly rolesByArn = new Map<string, MutableRole>();
  private readonly managedPolicies: PolicyStore;
  readonly users: Users;
  readonly identityProviders: IdentityProviders;
  /** Refusals in the form that only DecodeAuthorizationMessage can read. */
  readonly messages: AuthorizationMessages;

  /** Without a clock all trust policies are as old as time. */
  constructor(
    private readonly partition: string,
    private readonly random: Random,
    private readonly clock?: Clock,
  ) {
    this.managedPolicies = new PolicyStore(partition);
    this.users = new Users(partition, random, this.managedPolicies);
    this.identityProviders = new IdentityProviders(partition);
    this.messages = new AuthorizationMessages(random.seed, () => this.now());
  }

  createRole(role: NewRole): Role {
    const path = role.path ?? '/';
    checkName('role', role.name, ROLE_NAME_LENGTH);
    if (this.roleByName(role.accountId, role.name) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `Role with name ${role.name} already exists.`, 409);
    }
    const created: MutableRole = {
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

  putRolePolicy(roleArn: string, policyName: string, document: PolicyDocument): void {
    const role = this.existing(roleArn);
    role.inlinePolicies = checkedInlinePolicies(
      new Map(role.inlinePolicies).set(policyName, document),
      `role ${role.name}`,
    );
  }

  deleteRolePolicy(roleArn: string, policyName: string): void {
    const role = this.existing(roleArn);
    const remaining = new Map(role.inlinePolicies);
    if (!remaining.delete(policyName)) throw noSuchEntity(`The role policy with name ${policyName} cannot be found.`);
    role.inlinePolicies = remaining;
  }

  createManagedPolicy(policy: NewManagedPolicy): { arn: string } {
    return this.managedPolicies.create(policy);
  }

  updateManagedPolicy(arn: string, document: PolicyDocument): void {
    this.managedPolicies.update(arn, document);
  }

  deleteManagedPolicy(arn: string): void {
    this.managedPolicies.checkExists(arn);
    if ([...this.rolesByArn.values()].some((role) => role.managedPolicyArns.has(arn))) {
      throw new ServiceError('DeleteConflict', `Policy ${arn} is attached to a role: detach it first.`, 409);
    }
    this.managedPolicies.delete(arn);
  }

  attachRolePolicy(roleArn: string, policyArn: string): void {
    const role = this.existing(roleArn);
    role.managedPolicyArns = this.managedPolicies.checkedAttachments(`role ${role.name}`, [
      ...role.managedPolicyArns,
      policyArn,
    ]);
  }

  detachRolePolicy(roleArn: string, policyArn: string): void {
    const role = this.existing(roleArn);
    const remaining = new Set(role.managedPolicyArns);
    if (!remaining.delete(policyArn)) throw noSuchEntity(`Policy ${policyArn} was not found on role ${role.name}.`);
    role.managedPolicyArns = remaining;
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
    if (role === undefined) return [];
    return [...role.inlinePolicies.values(), ...this.managedPolicies.documents(role.managedPolicyArns)];
  }

  private apply(role: MutableRole, patch: RolePatch): void {
    // All is checked before anything is changed.
    const { trust, inlinePolicies, managedPolicyArns, maxSessionSeconds, tags } = patch;
    if (maxSessionSeconds !== undefined) checkSessionDuration(maxSessionSeconds);
    const checked: Partial<MutableRole> = {
      ...(trust && this.checkedTrust(role, trust)),
      ...(inlinePolicies && {
        inlinePolicies: checkedInlinePolicies(new Map(Object.entries(inlinePolicies)), `role ${role.name}`),
      }),
      ...(managedPolicyArns && {
        managedPolicyArns: this.managedPolicies.checkedAttachments(`role ${role.name}`, managedPolicyArns),
      }),
      ...(maxSessionSeconds !== undefined && { maxSessionSeconds }),
      ...(tags && { tags: { ...tags } }),
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

  private existing(arn: string): MutableRole {
    const role = this.rolesByArn.get(arn);
    if (role === undefined) throw noSuchEntity(`The role with name ${arn.split('/').at(-1)} cannot be found.`);
    return role;
  }
}

export type { NewRole, Role, RolePatch } from './role';

type MutableRole = { -readonly [Key in keyof Role]: Role[Key] };
