/** Who signed a call. */
export interface Principal {
  readonly accountId: string;
  /** `arn:aws:sts::…:assumed-role/Role/session`, or a user's or the account root's ARN. */
  readonly arn: string;
  /** The role behind a session. */
  readonly roleArn?: string;
  readonly userId: string;
  readonly accessKeyId: string;
  /** A session policy that narrows the role's permissions. */
  readonly sessionPolicy?: PolicyDocument;
  /** The running function whose credentials these are, directly or through AssumeRole: it is paused while it waits. */
  readonly execution?: string;
}

/** One permission that a call needs. */
export interface Permission {
  /** Such as `rum:CreateAppMonitor`. */
  readonly action: string;
  /** ARN, or `*` where the action has no resource-level permission. */
  readonly resource: string;
  /** Condition keys and their values, such as `aws:RequestTag/owner`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly PolicyStatement[] | PolicyStatement;
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | boolean | number | readonly string[]>>>>;
}
