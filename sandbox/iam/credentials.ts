import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import type { Role } from './iam';
import type { Principal } from './principal';

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface Session extends Omit<TemporaryCredentials, 'accessKeyId'> {
  readonly principal: Principal;
}

/** The running function that will hold the credentials, and what its principal is to have beside its role. */
export interface SessionOptions
  extends Pick<Principal, 'execution' | 'sessionPolicy' | 'sessionTags' | 'transitiveTagKeys' | 'sourceIdentity'> {
  /** @default 3600 */
  readonly durationSeconds?: number;
}

/** Issues credentials and knows all that were issued; those of the past too, so that their use is refused as expired. */
export class Credentials {
  private readonly sessions = new Map<string, Session>();

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

  private issue(durationSeconds: number, principal: Omit<Principal, 'accessKeyId'>): TemporaryCredentials {
    const accessKeyId = `ASIA${this.random.string(16, KEY_ALPHABET)}`;
    const session = {
      secretAccessKey: this.random.string(40, SECRET_ALPHABET),
      sessionToken: this.random.string(360, SECRET_ALPHABET),
      // AWS tells it in whole seconds.
      expiration: new Date((Math.floor(this.clock.now() / 1000) + durationSeconds) * 1000),
    };
    this.sessions.set(accessKeyId, { ...session, principal: { ...principal, accessKeyId } });
    return { accessKeyId, ...session };
  }
}

/** Ten years: an administrator outlives every scenario, whatever virtual time it takes. */
const ADMINISTRATOR_SECONDS = 10 * 365 * 86_400;

const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
