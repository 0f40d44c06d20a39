/** What Secrets Manager remembers in an account and region. */
export interface SecretsState {
  /** By name. */
  readonly secrets: Map<string, Secret>;
  /** Every value that there ever was, and the passwords within: no log may have one of them. */
  readonly values: Set<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  description?: string;
  kmsKeyId?: string;
  tags: Readonly<Record<string, string>>;
  changedAt: number;
  /** The newest last. */
  readonly versions: Version[];
}

export interface Version {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

/** The newest version is current, the one before it previous; older ones have no stage and cannot be asked for. */
export function stagesOf(secret: Secret, version: Version): readonly string[] {
  const age = secret.versions.length - 1 - secret.versions.indexOf(version);
  return [['AWSCURRENT'], ['AWSPREVIOUS']][age] ?? [];
}

/** A secret by its name, its ARN, or its ARN without the six characters that AWS adds. */
export function findSecret(state: SecretsState, id: string): Secret | undefined {
  return state.secrets.get(id) ?? [...state.secrets.values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id);
}
