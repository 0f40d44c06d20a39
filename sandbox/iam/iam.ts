import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import { AWS_MANAGED_POLICIES } from './managed-policies';
import { statements } from './policy';
import { checkPolicyDocument, malformed, policySize } from './policy-document';
import type { PolicyDocument } from './principal';
import { principalsOf } from './trust';

export interface Role {
  readonly arn: string;
  /** A role that is made anew under the same name gets another one; sessions and trust policies mean the id. */
  readonly roleId: string;
  readonly name: string;
  readonly path: string;
  readonly accountId: string;
  readonly trust: PolicyDocument;
  /** The ids of the roles that the trust policy names, as they were when it was written. */
  readonly trustedIds: ReadonlyMap<string, string>;
  readonly inlinePolicies: ReadonlyMap<string, PolicyDocument>;
  readonly managedPolicyArns: ReadonlySet<string>;
  readonly maxSessionSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
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
  /** @default 3600 */
  readonly maxSessionSeconds?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Roles and policies of all accounts, with IAM's limits. It has no wire: CloudFormation and the services use it directly. */
export class Iam {
  private readonly rolesByArn = new Map<string, MutableRole>();
  private readonly managedPolicies = new Map<string, PolicyDocument>();

  constructor(
    private readonly partition: string,
    private readonly random: Random,
  ) {}

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
    role.inlinePolicies = checkedInlinePolicies(role.name, new Map(role.inlinePolicies).set(policyName, document));
  }

  deleteRolePolicy(roleArn: string, policyName: string): void {
    const role = this.existing(roleArn);
    const remaining = new Map(role.inlinePolicies);
    if (!remaining.delete(policyName)) throw noSuchEntity(`The role policy with name ${policyName} cannot be found.`);
    role.inlinePolicies = remaining;
  }

  createManagedPolicy(policy: { accountId: string; name: string; path?: string; document: PolicyDocument }): {
    arn: string;
  } {
    checkName('policy', policy.name, POLICY_NAME_LENGTH);
    const arn = `arn:${this.partition}:iam::${policy.accountId}:policy${policy.path ?? '/'}${policy.name}`;
    if (this.managedPolicies.has(arn)) {
      throw new ServiceError('EntityAlreadyExists', `A policy called ${policy.name} already exists.`, 409);
    }
    checkManagedPolicy(policy.document);
    this.managedPolicies.set(arn, policy.document);
    return { arn };
  }

  updateManagedPolicy(arn: string, document: PolicyDocument): void {
    this.existingManagedPolicy(arn);
    checkManagedPolicy(document);
    this.managedPolicies.set(arn, document);
  }

  deleteManagedPolicy(arn: string): void {
    this.existingManagedPolicy(arn);
    if ([...this.rolesByArn.values()].some((role) => role.managedPolicyArns.has(arn))) {
      throw new ServiceError('DeleteConflict', `Policy ${arn} is attached to a role: detach it first.`, 409);
    }
    this.managedPolicies.delete(arn);
  }

  attachRolePolicy(roleArn: string, policyArn: string): void {
    const role = this.existing(roleArn);
    role.managedPolicyArns = this.checkedAttachments(role.name, [...role.managedPolicyArns, policyArn]);
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
    return [...this.managedPolicies.keys()].filter((arn) => arn.split(':')[4] === accountId);
  }

  /** A customer's or AWS's own managed policy. */
  managedPolicy(arn: string): PolicyDocument | undefined {
    const name = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
    return name === undefined ? this.managedPolicies.get(arn) : AWS_MANAGED_POLICIES[name];
  }

  /** Everything that is granted to a role as of now; nothing once it is deleted. */
  policiesOf(roleArn: string): readonly PolicyDocument[] {
    const role = this.rolesByArn.get(roleArn);
    if (role === undefined) return [];
    const managed = [...role.managedPolicyArns].map((arn) => this.managedPolicy(arn));
    return [...role.inlinePolicies.values(), ...managed.filter((document) => document !== undefined)];
  }

  private apply(role: MutableRole, patch: RolePatch): void {
    // All is checked before anything is changed.
    const { trust, inlinePolicies, managedPolicyArns, maxSessionSeconds, tags } = patch;
    if (maxSessionSeconds !== undefined) checkSessionDuration(maxSessionSeconds);
    const checked: Partial<MutableRole> = {
      ...(trust && { trust, trustedIds: this.checkedTrust(trust) }),
      ...(inlinePolicies && {
        inlinePolicies: checkedInlinePolicies(role.name, new Map(Object.entries(inlinePolicies))),
      }),
      ...(managedPolicyArns && { managedPolicyArns: this.checkedAttachments(role.name, managedPolicyArns) }),
      ...(maxSessionSeconds !== undefined && { maxSessionSeconds }),
      ...(tags && { tags: { ...tags } }),
    };
    Object.assign(role, checked);
  }

  /** IAM resolves the roles that a trust policy names to their ids when it stores it, and refuses those that are not. */
  private checkedTrust(trust: PolicyDocument): ReadonlyMap<string, string> {
    checkPolicyDocument(trust, 'trust');
    if (policySize(trust) > TRUST_POLICY_SIZE) {
      throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
    }
    const ids = new Map<string, string>();
    for (const name of statements(trust).flatMap((statement) => principalsOf(statement, 'AWS'))) {
      const known = name === '*' || /^\d{12}$/.test(name) || /^arn:[\w-]+:(iam|sts)::\d{12}:[\w/+=,.@-]+$/.test(name);
      const role = this.rolesByArn.get(name);
      if (!known || (/:role\//.test(name) && role === undefined)) {
        throw malformed(`Invalid principal in policy: "AWS":"${name}"`);
      }
      if (role !== undefined) ids.set(name, role.roleId);
    }
    return ids;
  }

  private checkedAttachments(roleName: string, arns: readonly string[]): ReadonlySet<string> {
    for (const arn of arns) {
      if (this.managedPolicy(arn) === undefined) {
        throw noSuchEntity(`Policy ${arn} does not exist or is not attachable to role ${roleName}.`);
      }
    }
    const attached = new Set(arns);
    if (attached.size > MANAGED_POLICIES_PER_ROLE) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MANAGED_POLICIES_PER_ROLE}`);
    }
    return attached;
  }

  private existing(arn: string): MutableRole {
    const role = this.rolesByArn.get(arn);
    if (role === undefined) throw noSuchEntity(`The role with name ${arn.split('/').at(-1)} cannot be found.`);
    return role;
  }

  private existingManagedPolicy(arn: string): void {
    if (!this.managedPolicies.has(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  }
}

type MutableRole = { -readonly [Key in keyof Role]: Role[Key] };

/** Source of these figures: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_LENGTH = 64;
const POLICY_NAME_LENGTH = 128;
const INLINE_POLICIES_SIZE = 10_240;
const MANAGED_POLICY_SIZE = 6_144;
const TRUST_POLICY_SIZE = 2_048;
const MANAGED_POLICIES_PER_ROLE = 10;
const SESSION_SECONDS = { min: 3_600, max: 43_200 };

function checkedInlinePolicies(roleName: string, policies: ReadonlyMap<string, PolicyDocument>) {
  let size = 0;
  for (const [name, document] of policies) {
    checkName('policy', name, POLICY_NAME_LENGTH);
    checkPolicyDocument(document, 'identity');
    size += policySize(document);
  }
  if (size > INLINE_POLICIES_SIZE) {
    throw limitExceeded(`Maximum policy size of ${INLINE_POLICIES_SIZE} bytes exceeded for role ${roleName}`);
  }
  return policies;
}

function checkManagedPolicy(document: PolicyDocument): void {
  checkPolicyDocument(document, 'identity');
  if (policySize(document) > MANAGED_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MANAGED_POLICY_SIZE}`);
  }
}

function checkName(kind: string, name: string, maxLength: number): void {
  if (/^[\w+=,.@-]+$/.test(name) && name.length <= maxLength) return;
  throw new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${name}' at '${kind}Name' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${maxLength} and satisfy regular expression pattern: [\\w+=,.@-]+`,
  );
}

function checkSessionDuration(seconds: number): void {
  if (seconds >= SESSION_SECONDS.min && seconds <= SESSION_SECONDS.max) return;
  throw new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: ` +
      `Member must have value between ${SESSION_SECONDS.min} and ${SESSION_SECONDS.max}`,
  );
}

function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', message, 409);
}

function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}
