import type { KeyPairs } from '../../crypto/key-pairs';
import type { Iam } from '../../iam/iam';
import { statements } from '../../iam/policy';
import type { PolicyDocument } from '../../iam/principal';
import { principalsOf } from '../../iam/trust';
import { ServiceError, type World } from '../service';
import { invalidState, notFound, validation } from './errors';
import type { KmsService } from './kms-service';
import { isAsymmetric, SYMMETRIC_SPECS, usagesOf } from './specs';
import type { Key, KmsState } from './state';

export interface KeySettings {
  /** @default SYMMETRIC_DEFAULT */
  readonly spec?: string;
  /** @default ENCRYPT_DECRYPT, which not every spec allows */
  readonly usage?: string;
  readonly multiRegion?: boolean;
  readonly description?: string;
  readonly enabled?: boolean;
  /** @default - the account's policies decide */
  readonly policy?: PolicyDocument;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const PENDING_WINDOW_DAYS = { min: 7, max: 30, default: 30 };

/** The keys of all accounts and regions, for who makes them without calling the API: CloudFormation and tests. */
export class KmsKeys {
  constructor(
    private readonly world: World,
    private readonly service: KmsService,
    private readonly pairs: KeyPairs,
    private readonly iam: Iam,
  ) {}

  create(accountId: string, region: string, settings: KeySettings): Key {
    const { spec = 'SYMMETRIC_DEFAULT', multiRegion = false, description = '', enabled = true, tags = {} } = settings;
    if (!isAsymmetric(spec) && !(SYMMETRIC_SPECS as readonly string[]).includes(spec)) {
      throw validation(`KeySpec '${spec}' is not one that the sandbox knows: see sandbox/services/kms/specs.ts`);
    }
    const { usage = 'ENCRYPT_DECRYPT' } = settings;
    if (!usagesOf(spec).includes(usage)) throw validation(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
    const { partition, clock, random } = this.world;
    const id = multiRegion ? `mrk-${random.hex(32)}` : random.uuid();
    const policy = settings.policy ?? this.defaultPolicy(accountId);
    const key: Key = {
      id,
      arn: `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
      accountId,
      spec,
      usage,
      multiRegion,
      ...(isAsymmetric(spec) && { pair: this.pairs.next(spec) }),
      createdAt: clock.now(),
      description,
      enabled,
      policy,
      policyPrincipals: this.checkedPrincipals(policy),
      tags,
    };
    this.state(accountId, region).keys.set(id, key);
    return key;
  }

  update(accountId: string, region: string, id: string, settings: KeySettings): Key {
    const key = this.existing(accountId, region, id);
    const { description = '', enabled = true, policy = this.defaultPolicy(accountId), tags = {} } = settings;
    if (key.deletionAt !== undefined) throw invalidState(key.arn, 'pending deletion');
    const policyPrincipals = this.checkedPrincipals(policy);
    return Object.assign(key, { description, enabled, policy, policyPrincipals, tags });
  }

  /** From now on the key can do nothing; it is gone when the window is over. */
  scheduleDeletion(accountId: string, region: string, id: string, windowDays = PENDING_WINDOW_DAYS.default): void {
    const key = this.existing(accountId, region, id);
    if (key.deletionAt !== undefined) throw invalidState(key.arn, 'pending deletion');
    if (windowDays < PENDING_WINDOW_DAYS.min || windowDays > PENDING_WINDOW_DAYS.max) {
      throw validation(`PendingWindowInDays must be 7 to 30, got ${windowDays}`);
    }
    key.deletionAt = this.world.clock.now() + windowDays * 86_400_000;
  }

  createAlias(accountId: string, region: string, name: string, keyIdOrArn: string): void {
    const { aliases } = this.state(accountId, region);
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name) || name.startsWith('alias/aws/')) {
      throw new ServiceError(
        'InvalidAliasNameException',
        `alias '${name}' must be alias/ and a name of letters, digits, / _ -`,
      );
    }
    if (aliases.has(name)) {
      const arn = `arn:${this.world.partition}:kms:${region}:${accountId}:${name}`;
      throw new ServiceError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    }
    this.pointAlias(accountId, region, name, keyIdOrArn);
  }

  pointAlias(accountId: string, region: string, name: string, keyIdOrArn: string): void {
    const key = this.existing(accountId, region, keyIdOrArn.split('/').at(-1)!);
    this.state(accountId, region).aliases.set(name, key.id);
  }

  deleteAlias(accountId: string, region: string, name: string): void {
    if (!this.state(accountId, region).aliases.delete(name)) throw notFound(`Alias ${name} is not found.`);
  }

  state(accountId: string, region: string): KmsState {
    return this.world.state(this.service, accountId, region);
  }

  private existing(accountId: string, region: string, id: string): Key {
    const key = this.state(accountId, region).keys.get(id);
    if (key !== undefined) return key;
    throw notFound(`Key 'arn:${this.world.partition}:kms:${region}:${accountId}:key/${id}' does not exist`);
  }

  private defaultPolicy(accountId: string): PolicyDocument {
    const AWS = `arn:${this.world.partition}:iam::${accountId}:root`;
    return {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }],
    };
  }

  /** KMS refuses a policy that names a role which does not exist, and remembers which role a name meant. */
  private checkedPrincipals(policy: PolicyDocument): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    for (const name of statements(policy).flatMap((statement) => principalsOf(statement, 'AWS'))) {
      if (!/^arn:[\w-]+:iam::\d{12}:role\//.test(name)) continue;
      const role = this.iam.role(name);
      if (role === undefined) {
        throw new ServiceError(
          'MalformedPolicyDocumentException',
          `Policy contains a statement with one or more invalid principals: ${name}`,
        );
      }
      ids.set(name, role.roleId);
    }
    return ids;
  }
}
