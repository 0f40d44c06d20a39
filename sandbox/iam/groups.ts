import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import type { Mutable, PolicyHolder } from './policy-holders';
import type { PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import {
  checkedInlinePolicies,
  checkName,
  GROUP_NAME_LENGTH,
  GROUPS_PER_USER,
  limitExceeded,
  noSuchEntity,
} from './quotas';
import type { Users } from './users';

/** Users that share policies. A group is nobody: no policy can name it. */
export interface Group extends PolicyHolder {
  readonly kind: 'group';
  readonly groupId: string;
  /** Ids of users: one that is made anew under the same name is no member. */
  readonly memberIds: ReadonlySet<string>;
}

export interface NewGroup {
  readonly accountId: string;
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly managedPolicyArns?: readonly string[];
}

/** The groups of all accounts. */
export class Groups {
  private readonly byArn = new Map<string, Mutable<Group>>();

  constructor(
    private readonly partition: string,
    private readonly random: Random,
    private readonly managedPolicies: PolicyStore,
    private readonly users: Users,
  ) {}

  create({ accountId, name, path = '/', inlinePolicies = {}, managedPolicyArns = [] }: NewGroup): Group {
    checkName('group', name, GROUP_NAME_LENGTH);
    if (this.byName(accountId, name) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `Group with name ${name} already exists.`, 409);
    }
    const holder = { kind: 'group', name } as const;
    const created: Mutable<Group> = {
      ...holder,
      accountId,
      arn: `arn:${this.partition}:iam::${accountId}:group${path}${name}`,
      groupId: `AGPA${this.random.string(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      inlinePolicies: checkedInlinePolicies(new Map(Object.entries(inlinePolicies)), holder),
      managedPolicyArns: this.managedPolicies.checkedAttachments(holder, managedPolicyArns),
      memberIds: new Set(),
    };
    this.byArn.set(created.arn, created);
    return created;
  }

  /** Deletes the group with its policies. A group that still has members stays. */
  delete(arn: string): void {
    const { name, memberIds } = this.existing(arn);
    // A user that is gone is a member no more.
    if ([...this.users.all()].some(({ userId }) => memberIds.has(userId))) {
      throw new ServiceError('DeleteConflict', `Cannot delete the group ${name}: remove its users first.`, 409);
    }
    this.byArn.delete(arn);
  }

  add(arn: string, userId: string): void {
    const group = this.existing(arn);
    const groups = this.of(userId);
    if (!groups.includes(group) && groups.length >= GROUPS_PER_USER) {
      throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`);
    }
    group.memberIds = new Set(group.memberIds).add(userId);
  }

  remove(arn: string, userId: string): void {
    const group = this.existing(arn);
    group.memberIds = new Set([...group.memberIds].filter((id) => id !== userId));
  }

  /** The groups of a user. */
  of(userId: string): readonly Group[] {
    return [...this.byArn.values()].filter(({ memberIds }) => memberIds.has(userId));
  }

  byName(accountId: string, name: string): Group | undefined {
    return [...this.byArn.values()].find(
      (group) => group.accountId === accountId && group.name.toLowerCase() === name.toLowerCase(),
    );
  }

  all(): Iterable<Mutable<Group>> {
    return this.byArn.values();
  }

  private existing(arn: string): Mutable<Group> {
    const group = this.byArn.get(arn);
    if (group === undefined) throw noSuchEntity(`The group with name ${arn.split('/').at(-1)} cannot be found.`);
    return group;
  }
}
