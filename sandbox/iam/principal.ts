/** Who signed a call. */
export interface Principal {
  readonly accountId: string;
  /** `arn:aws:sts::…:assumed-role/Role/session`, or a user's or the account root's ARN. */
  readonly arn: string;
  /** The role behind a session. */
  readonly roleArn?: string;
  /** The IAM user whose permissions these are: with keys of its own, or in a session that it asked for. */
  readonly user?: { readonly arn: string; readonly id: string; readonly name: string };
  /** A user's temporary credentials: from GetSessionToken, or from GetFederationToken. */
  readonly token?: 'session' | 'federation';
  /** Virtual time at which the user showed a code of its device. */
  readonly mfaAt?: number;
  /** Virtual time at which temporary credentials were issued. */
  readonly issuedAt?: number;
  /** What an identity provider said of who is behind the session: condition keys of all its requests. */
  readonly identity?: Context;
  readonly userId: string;
  readonly accessKeyId: string;
  /** A session policy that narrows the permissions of the role or user. */
  readonly sessionPolicy?: PolicyDocument;
  /** The running function whose credentials these are, directly or through AssumeRole: it is paused while it waits. */
  readonly execution?: string;
  /** Passes every identity check: the people and tools around the sandbox, never a role of a template. */
  readonly administrator?: true;
  /** Tags of the session; they overlay those of the role or user in `aws:PrincipalTag`. */
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** Those of the session tags that a chained role inherits. */
  readonly transitiveTagKeys?: readonly string[];
  /** Set once by the first AssumeRole of a chain, and then fixed. */
  readonly sourceIdentity?: string;
}

/** One permission that a call needs. */
export interface Permission {
  /** Such as `rum:CreateAppMonitor`. */
  readonly action: string;
  /** ARN, or `*` where the action has no resource-level permission. */
  readonly resource: string;
  /** Condition keys and their values, such as `aws:RequestTag/owner`. */
  readonly context?: Context;
  /** The resource's own policy, where it has one: a role's trust policy, a key policy. */
  readonly resourcePolicy?: ResourcePolicy;
  /** Whether the refusal carries an encoded message, as those of EC2's kind do whatever is asked. */
  readonly encodesDenial?: true;
}

/** Condition keys and their values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

export interface ResourcePolicy {
  readonly document: PolicyDocument;
  /** Whether this policy must allow the call even within the account, as trust and key policies must. */
  readonly mandatory?: boolean;
  /** What AWS calls it in its messages. */
  readonly title?: 'resource-based policy' | 'role trust policy';
  /** Unique ids that the role ARNs of this policy stood for when it was written; a role made anew is not meant. */
  readonly principalIds?: ReadonlyMap<string, string>;
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
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | boolean | number | readonly string[]>>>
  >;
}
