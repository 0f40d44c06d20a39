/** What Parameter Store remembers in an account and region: parameters by name. */
export interface SsmState {
  readonly parameters: Map<string, Parameter>;
}

export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  description?: string;
  tier: 'Standard' | 'Advanced';
  dataType: string;
  allowedPattern?: string;
  tags: Map<string, string>;
  /** The newest last. */
  readonly versions: Version[];
}

export interface Version {
  readonly number: number;
  readonly value: string;
  readonly changedAt: number;
}

export function currentOf(parameter: Parameter): Version {
  return parameter.versions.at(-1)!;
}
