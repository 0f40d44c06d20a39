import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import type { Identity, Mutable } from './policy-holders';
import type { PolicyStore } from './policy-store';
import type { PolicyDocument } from './principal';
import { checkedInlinePolicies, checkedTags, checkName, noSuchEntity, USER_NAME_LENGTH } from './quotas';

export interface User extends Identity {
  readonly kind: 'user';
  /** A user that is made anew under the same name gets another one. */
  readonly userId: string;
  readonly mfaDevices: readonly MfaDevice[];
}

export interface NewUser extends UserPatch {
  readonly accountId: string;
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly managedPolicyArns?: readonly string[];
}

/** What is given replaces what was there; what is absent stays. */
export interface UserPatch {
  /** ARN of a managed policy; `null` takes the boundary away. */
  readonly permissionsBoundary?: string | null;
  readonly tags?: Readonly<Record<string, string>>;
  readonly mfaDevices?: readonly MfaDevice[];
}

/** A device that makes one-time passwords. Whoever sets the scene says which ones are right. */
export interface MfaDevice {
  /** `arn:aws:iam::…:mfa/name` of a virtual device, or the number of one of hardware. */
  readonly serialNumber: string;
  /** The six digits that are accepted; none before somebody has said which. */
  readonly code?: string;
}

/** The IAM users of all accounts: those who can call GetFederationToken and GetSessionToken. */
export class Users {
  private readonly byArn = new Map<string, Mutable<User>>();

  constructor(
    private readonly partition: string,
    private readonly random: Random,
    private readonly managedPolicies: PolicyStore,
  ) {}

  create(user: NewUser): User {
    checkName('user', user.name, USER_NAME_LENGTH);
    if (this.byName(user.accountId, user.name) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `User with name ${user.name} already exists.`, 409);
    }
    const { accountId, name } = user;
    const holder = { kind: 'user', name } as const;
    const created: Mutable<User> = {
      ...holder,
      accountId,
      arn: `arn:${this.partition}:iam::${accountId}:user${user.path ?? '/'}${name}`,
      userId: `AIDA${this.random.string(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      inlinePolicies: checkedInlinePolicies(new Map(Object.entries(user.inlinePolicies ?? {})), holder),
      managedPolicyArns: this.managedPolicies.checkedAttachments(holder, user.managedPolicyArns ?? []),
      tags: {},
      mfaDevices: [],
    };
    this.apply(created, user);
    this.byArn.set(created.arn, created);
    return created;
  }

  update(arn: string, patch: UserPatch): void {
    const user = this.byArn.get(arn);
    if (user === undefined) throw missing(arn);
    this.apply(user, patch);
  }

  /** Deletes the user; keys and sessions die with it. */
  delete(arn: string): void {
    if (!this.byArn.delete(arn)) throw missing(arn);
  }

  /** Gives a device to the users with these ARNs, and takes it from all others; its code stays. */
  giveMfa(serialNumber: string, arns: readonly string[]): void {
    const device = this.device(serialNumber) ?? { serialNumber };
    this.exchangeMfa(serialNumber, (user) => (arns.includes(user.arn) ? device : undefined));
  }

  withdrawMfa(serialNumber: string): void {
    this.exchangeMfa(serialNumber, () => undefined);
  }

  /** Says which code of a device is right from now on. */
  setMfaCode(serialNumber: string, code: string): void {
    if (this.device(serialNumber) === undefined) throw noSuchEntity(`MFA device ${serialNumber} belongs to nobody.`);
    const has = ({ mfaDevices }: User) => mfaDevices.some((device) => device.serialNumber === serialNumber);
    this.exchangeMfa(serialNumber, (user) => (has(user) ? { serialNumber, code } : undefined));
  }

  user(arn: string): User | undefined {
    return this.byArn.get(arn);
  }

  /** Names are unique in an account whatever their case and path. */
  byName(accountId: string, name: string): User | undefined {
    return [...this.byArn.values()].find(
      (user) => user.accountId === accountId && user.name.toLowerCase() === name.toLowerCase(),
    );
  }

  all(): Iterable<Mutable<User>> {
    return this.byArn.values();
  }

  private device(serialNumber: string): MfaDevice | undefined {
    const devices = [...this.byArn.values()].flatMap(({ mfaDevices }) => mfaDevices);
    return devices.find((device) => device.serialNumber === serialNumber);
  }

  private exchangeMfa(serialNumber: string, deviceOf: (user: User) => MfaDevice | undefined): void {
    for (const user of this.byArn.values()) {
      const own = deviceOf(user);
      const others = user.mfaDevices.filter((device) => device.serialNumber !== serialNumber);
      user.mfaDevices = own === undefined ? others : [...others, own];
    }
  }

  private apply(user: Mutable<User>, { permissionsBoundary, tags, mfaDevices }: UserPatch): void {
    Object.assign(user, {
      ...(permissionsBoundary !== undefined && {
        permissionsBoundary: this.managedPolicies.checkedBoundary(user.accountId, permissionsBoundary),
      }),
      ...(tags && { tags: checkedTags(tags, 'user') }),
      ...(mfaDevices && { mfaDevices }),
    });
  }
}

function missing(arn: string): ServiceError {
  return noSuchEntity(`The user with name ${arn.split('/').at(-1)} cannot be found.`);
}
