import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import type { PolicyDocument, Principal } from './principal';
import { ACCESS_KEYS_PER_USER, limitExceeded, noSuchEntity } from './quotas';
import type { Role } from './role';
import type { User } from './users';

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A user's own keys: they have no token and no end. */
export type AccessKey = Pick<TemporaryCredentials, 'accessKeyId' | 'secretAccessKey'>;

/** Credentials of any kind; without a token they are a user's own keys. */
export interface IssuedCredentials extends AccessKey {
  readonly sessionToken?: string;
}

/** What belongs to an access key id; without a token and an end for a user's own keys. */
export interface Session extends Partial<Omit<TemporaryCredentials, 'accessKeyId' | 'secretAccessKey'>> {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Of a user's own keys that are switched off. */
  readonly inactive?: true;
}

/** The running function that will hold the credentials, and what its principal is to have beside its role. */
export interface SessionOptions
  extends Pick<
    Principal,
    'execution' | 'sessionPolicy' | 'sessionTags' | 'transitiveTagKeys' | 'sourceIdentity' | 'identity'
  > {
  /** @default 3600 */
  readonly durationSeconds?: number;
}

/** Issues credentials and knows all that were issued; those of the past too, so that their use is refused as expired. */
export class Credentials {
  private readonly sessions = new Map<string, Session>();
  private readonly everIssued: IssuedCredentials[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** A session of a role. Whether the role may be assumed is the caller's to check. */
  forRole(role: Role, sessionName: string, options: SessionOptions = {}): TemporaryCredentials {
    const { durationSeconds = 3600, ...rest } = options;
    const partition = role.arn.split(':')[1];
    return this.issue(durationSeconds, {
      ...rest,
      accountId: role.accountId,
      arn: `arn:${partition}:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      roleArn: role.arn,
      userId: `${role.roleId}:${sessionName}`,
    });
  }

  /** Keys of a user's own. */
  forUser(user: User): AccessKey {
    if (this.keysOf(user.userId).length >= ACCESS_KEYS_PER_USER) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${ACCESS_KEYS_PER_USER}`);
    }
    const accessKeyId = `AKIA${this.random.string(16, KEY_ALPHABET)}`;
    const secretAccessKey = this.random.string(40, SECRET_ALPHABET);
    this.keep(accessKeyId, { secretAccessKey, principal: { ...asUser(user), accessKeyId } });
    return { accessKeyId, secretAccessKey };
  }

  /** Switches a user's own key on or off. */
  setActive(accessKeyId: string, active: boolean): void {
    const { inactive: _, ...session } = this.ownKey(accessKeyId);
    this.sessions.set(accessKeyId, { ...session, ...(!active && { inactive: true }) });
  }

  /** Deletes a user's own key. */
  deleteKey(accessKeyId: string): void {
    this.ownKey(accessKeyId);
    this.sessions.delete(accessKeyId);
  }

  /** What GetSessionToken gives: the user itself, who may have shown a code of its device. */
  forSessionOf(user: User, options: { readonly durationSeconds: number; readonly mfaAt?: number }) {
    const { durationSeconds, mfaAt } = options;
    return this.issue(durationSeconds, {
      ...asUser(user),
      token: 'session',
      ...(mfaAt !== undefined && { mfaAt }),
    });
  }

  /** What GetFederationToken gives: somebody else, who has what both the user and the session policy allow. */
  forFederatedUser(user: User, name: string, options: FederationOptions): TemporaryCredentials {
    const { durationSeconds, ...rest } = options;
    return this.issue(durationSeconds, {
      ...asUser(user),
      ...rest,
      arn: `arn:${user.arn.split(':')[1]}:sts::${user.accountId}:federated-user/${name}`,
      userId: `${user.accountId}:${name}`,
      token: 'federation',
    });
  }

  /** An administrator of an account: for tests, the command line and whoever else stands outside of the templates. */
  forAccount(accountId: string, partition = 'aws'): TemporaryCredentials {
    return this.issue(ADMINISTRATOR_SECONDS, {
      accountId,
      arn: `arn:${partition}:iam::${accountId}:user/administrator`,
      userId: `AIDA${this.random.string(17, KEY_ALPHABET)}`,
      administrator: true,
    });
  }

  find(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }

  /** All that were ever issued, for who looks whether any of them has come out somewhere. */
  issued(): readonly IssuedCredentials[] {
    return this.everIssued;
  }

  private keysOf(userId: string): string[] {
    const own = [...this.sessions].filter(([, { principal }]) => principal.token === undefined);
    return own.filter(([, { principal }]) => principal.user?.id === userId).map(([accessKeyId]) => accessKeyId);
  }

  private ownKey(accessKeyId: string): Session {
    const session = this.sessions.get(accessKeyId);
    if (session?.principal.user === undefined || session.principal.token !== undefined) {
      throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
    }
    return session;
  }

  private keep(accessKeyId: string, session: Session): void {
    const { secretAccessKey, sessionToken } = session;
    this.sessions.set(accessKeyId, session);
    this.everIssued.push({ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) });
  }

  private issue(durationSeconds: number, principal: Omit<Principal, 'accessKeyId'>): TemporaryCredentials {
    const accessKeyId = `ASIA${this.random.string(16, KEY_ALPHABET)}`;
    const session = {
      secretAccessKey: this.random.string(40, SECRET_ALPHABET),
      sessionToken: this.random.string(360, SECRET_ALPHABET),
      // AWS tells it in whole seconds.
      expiration: new Date((Math.floor(this.clock.now() / 1000) + durationSeconds) * 1000),
    };
    const issuedAt = this.clock.now();
    this.keep(accessKeyId, { ...session, principal: { ...principal, accessKeyId, issuedAt } });
    return { accessKeyId, ...session };
  }
}

export interface FederationOptions extends Pick<Principal, 'sessionTags' | 'execution'> {
  readonly durationSeconds: number;
  /** A policy that says nothing where the caller gave none. */
  readonly sessionPolicy: PolicyDocument;
}

function asUser({ accountId, arn, userId, name }: User) {
  return { accountId, arn, userId, user: { arn, id: userId, name } };
}

/** Ten years: an administrator outlives every scenario, whatever virtual time it takes. */
const ADMINISTRATOR_SECONDS = 10 * 365 * 86_400;

const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
