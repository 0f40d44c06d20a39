import type { PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import { checkedInlinePolicies, noSuchEntity } from './quotas';

/** Who has policies of its own: a role, a user or a group. */
export interface PolicyHolder {
  readonly kind: 'role' | 'user' | 'group';
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly inlinePolicies: ReadonlyMap<string, PolicyDocument>;
  readonly managedPolicyArns: ReadonlySet<string>;
}

/** A role or user: it can have tags, and a boundary of what its policies can grant. */
export interface Identity extends PolicyHolder {
  readonly kind: 'role' | 'user';
  /** ARN of the managed policy that is the boundary. */
  readonly permissionsBoundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Puts policies on roles, users and groups, and takes them away again. */
export class PolicyHolders {
  constructor(
    private readonly store: PolicyStore,
    private readonly all: () => Iterable<Mutable<PolicyHolder>>,
  ) {}

  /** Puts an inline policy on the holder, in the place of one of the same name. */
  put(holderArn: string, policyName: string, document: PolicyDocument): void {
    const holder = this.existing(holderArn);
    holder.inlinePolicies = checkedInlinePolicies(new Map(holder.inlinePolicies).set(policyName, document), holder);
  }

  /** Takes an inline policy away. */
  remove(holderArn: string, policyName: string): void {
    const holder = this.existing(holderArn);
    const remaining = new Map(holder.inlinePolicies);
    if (!remaining.delete(policyName)) {
      throw noSuchEntity(`The ${holder.kind} policy with name ${policyName} cannot be found.`);
    }
    holder.inlinePolicies = remaining;
  }

  attach(holderArn: string, policyArn: string): void {
    const holder = this.existing(holderArn);
    holder.managedPolicyArns = this.store.checkedAttachments(holder, [...holder.managedPolicyArns, policyArn]);
  }

  detach(holderArn: string, policyArn: string): void {
    const holder = this.existing(holderArn);
    const remaining = new Set(holder.managedPolicyArns);
    if (!remaining.delete(policyArn)) {
      throw noSuchEntity(`Policy ${policyArn} was not found on ${holder.kind} ${holder.name}.`);
    }
    holder.managedPolicyArns = remaining;
  }

  /** Whether anybody has the managed policy, as a policy or as a boundary. */
  isUsed(policyArn: string): boolean {
    return [...this.all()].some(
      (holder) => holder.managedPolicyArns.has(policyArn) || (holder as Identity).permissionsBoundary === policyArn,
    );
  }

  /** Everything that is granted to a holder as of now. */
  documentsOf({ inlinePolicies, managedPolicyArns }: PolicyHolder): readonly PolicyDocument[] {
    return [...inlinePolicies.values(), ...this.store.documents(managedPolicyArns)];
  }

  holder(arn: string): PolicyHolder {
    return this.existing(arn);
  }

  private existing(arn: string): Mutable<PolicyHolder> {
    for (const holder of this.all()) if (holder.arn === arn) return holder;
    throw noSuchEntity(`The ${/:(\w+)\//.exec(arn)?.[1]} with name ${arn.split('/').at(-1)} cannot be found.`);
  }
}
