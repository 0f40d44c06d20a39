import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import type { PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import { checkedInlinePolicies, checkName, noSuchEntity, USER_NAME_LENGTH } from './quotas';

export interface User {
  readonly arn: string;
  /** A user that is made anew under the same name gets another one. */
  readonly userId: string;
  readonly name: string;
  readonly accountId: string;
  readonly inlinePolicies: ReadonlyMap<string, PolicyDocument>;
  readonly managedPolicyArns: ReadonlySet<string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly mfaDevices: readonly MfaDevice[];
}

export interface NewUser {
  readonly accountId: string;
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly managedPolicyArns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly mfaDevices?: readonly MfaDevice[];
}

/** A device that makes one-time passwords. Whoever sets the scene says which ones are right. */
export interface MfaDevice {
  /** `arn:aws:iam::…:mfa/name` of a virtual device, or the number of one of hardware. */
  readonly serialNumber: string;
  /** The six digits that are accepted. */
  readonly code: string;
}

/** The IAM users of all accounts: those who can call GetFederationToken and GetSessionToken. */
export class Users {
  private readonly byArn = new Map<string, User>();

  constructor(
    private readonly partition: string,
    private readonly random: Random,
    private readonly managedPolicies: PolicyStore,
  ) {}

  create(user: NewUser): User {
    checkName('user', user.name, USER_NAME_LENGTH);
    const taken = [...this.byArn.values()].some(
      ({ accountId, name }) => accountId === user.accountId && name.toLowerCase() === user.name.toLowerCase(),
    );
    if (taken) throw new ServiceError('EntityAlreadyExists', `User with name ${user.name} already exists.`, 409);
    const inline = new Map(Object.entries(user.inlinePolicies ?? {}));
    const created: User = {
      arn: `arn:${this.partition}:iam::${user.accountId}:user${user.path ?? '/'}${user.name}`,
      userId: `AIDA${this.random.string(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      name: user.name,
      accountId: user.accountId,
      inlinePolicies: checkedInlinePolicies(inline, `user ${user.name}`, USER_POLICIES_SIZE),
      managedPolicyArns: this.managedPolicies.checkedAttachments(`user ${user.name}`, user.managedPolicyArns ?? []),
      tags: { ...user.tags },
      mfaDevices: user.mfaDevices ?? [],
    };
    this.byArn.set(created.arn, created);
    return created;
  }

  /** Deletes the user; keys and sessions die with it. */
  delete(arn: string): void {
    if (!this.byArn.delete(arn)) throw noSuchEntity(`The user with name ${arn.split('/').at(-1)} cannot be found.`);
  }

  user(arn: string): User | undefined {
    return this.byArn.get(arn);
  }

  /** Everything that is granted to a user as of now; nothing once it is deleted. */
  policiesOf(arn: string): readonly PolicyDocument[] {
    const user = this.byArn.get(arn);
    if (user === undefined) return [];
    return [...user.inlinePolicies.values(), ...this.managedPolicies.documents(user.managedPolicyArns)];
  }
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const USER_POLICIES_SIZE = 2_048;
