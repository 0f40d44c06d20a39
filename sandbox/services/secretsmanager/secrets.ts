import { ServiceError, type World } from '../service';
import { refused, secretNotFound } from './errors';
import { type Generation, generate } from './generate';
import type { SecretsManagerService } from './secretsmanager-service';
import { findSecret, type Secret, type SecretsState } from './state';

export interface SecretSettings {
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** One of the two, or none: then the secret has no value yet. */
  readonly value?: string;
  readonly generation?: Generation;
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_VALUE_BYTES = 65_536;

/** The secrets of all accounts and regions, for who makes them without calling the API: CloudFormation and tests. */
export class Secrets {
  constructor(
    private readonly world: World,
    private readonly service: SecretsManagerService,
  ) {}

  create(accountId: string, region: string, settings: SecretSettings): Secret {
    const state = this.state(accountId, region);
    const { name, description, kmsKeyId, tags = {} } = settings;
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      throw new ServiceError(
        'ValidationException',
        `secret name '${name}' must be 1 to 512 letters, digits and /_+=.@-`,
      );
    }
    if (state.secrets.has(name)) {
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const now = this.world.clock.now();
    const suffix = this.world.random.string(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
    const secret: Secret = {
      name,
      arn: `arn:${this.world.partition}:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`,
      createdAt: now,
      changedAt: now,
      description,
      kmsKeyId,
      tags,
      versions: [],
    };
    this.put(state, secret, settings);
    state.secrets.set(name, secret);
    return secret;
  }

  update(accountId: string, region: string, id: string, settings: Omit<SecretSettings, 'name'>): void {
    const state = this.state(accountId, region);
    const secret = existing(state, id);
    const { description, kmsKeyId, tags = {} } = settings;
    this.put(state, secret, settings);
    Object.assign(secret, { description, kmsKeyId, tags, changedAt: this.world.clock.now() });
  }

  /** At once, without the days in which it could be restored. */
  delete(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    state.secrets.delete(existing(state, id).name);
  }

  state(accountId: string, region: string): SecretsState {
    return this.world.state(this.service, accountId, region);
  }

  private put(state: SecretsState, secret: Secret, { value, generation }: Omit<SecretSettings, 'name'>): void {
    if (value !== undefined && generation !== undefined) {
      throw refused('a secret has SecretString or GenerateSecretString, not both');
    }
    const made = generation === undefined ? undefined : generate(this.world.random, generation);
    const text = made?.value ?? value;
    if (text === undefined) return;
    if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
      throw refused(`the value of secret ${secret.name} has more than ${MAX_VALUE_BYTES} bytes`);
    }
    secret.versions.push({ id: this.world.random.uuid(), value: text, createdAt: this.world.clock.now() });
    for (const secretText of [made?.password, text]) if (secretText) state.values.add(secretText);
  }
}

export function existing(state: SecretsState, id: string): Secret {
  const secret = findSecret(state, id);
  if (secret === undefined) throw secretNotFound();
  return secret;
}
