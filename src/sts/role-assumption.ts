import { createHash } from 'node:crypto';
import { type Duration, Names, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { knownEntries, Validation } from '../core/validation';

/** How to assume a role for the calls of a construct. */
export interface RoleAssumptionProps {
  /**
   * The secret-free word that the role's owner demands, so that nobody else can make our provider use their role.
   *
   * 2 to 1,224 characters of letters, digits and `+=,.@:/-_`.
   *
   * @default - no external id
   */
  readonly externalId?: string;

  /**
   * Name of the session, which the other account's CloudTrail shows. 2 to 64 characters of letters, digits and `+=,.@-_`.
   *
   * @default - made from the path of the construct
   */
  readonly sessionName?: string;

  /**
   * How long the credentials are valid. They are fetched anew in each invocation, so the default is enough for any
   * resource of this library. 15 minutes to 12 hours, and at most what the role allows.
   *
   * @default Duration.minutes(15)
   */
  readonly duration?: Duration;

  /**
   * Narrows what the session may do: it gets what both this policy and the role allow. At most 2,048 characters.
   *
   * @default - the session has the permissions of the role
   */
  readonly sessionPolicy?: iam.PolicyDocument;

  /**
   * Managed policies that narrow the session in the same way. At most 10.
   *
   * @default - none
   */
  readonly sessionManagedPolicies?: iam.IManagedPolicy[];

  /**
   * Session tags. At most 50; the role's trust policy must allow `sts:TagSession`.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Keys of session tags that pass on to roles assumed from this session.
   *
   * @default - none
   */
  readonly transitiveTagKeys?: string[];

  /**
   * Who stands behind the session; it cannot be changed in later role assumptions. 2 to 64 characters of letters, digits
   * and `+=,.@-_`; the role's trust policy must allow `sts:SetSourceIdentity`.
   *
   * @default - none
   */
  readonly sourceIdentity?: string;

  /**
   * Region in which the resource is managed. A change replaces the resource.
   *
   * @default - the region of the stack
   */
  readonly region?: string;

  /**
   * Region whose STS endpoint is asked. It must be enabled in the account of the role.
   *
   * @default - the region in which the resource is managed
   */
  readonly stsRegion?: string;
}

/**
 * Makes a construct's calls with a role of another account, or with other permissions.
 *
 * Credentials are fetched in each invocation of the provider, and never shared between resources. The provider's role
 * may assume exactly the roles given; the role must trust it.
 *
 * Changing the role's account or the region replaces the resource; all else is changed in place.
 */
export class RoleAssumption {
  /** Assumes the role with this ARN. */
  static fromRoleArn(roleArn: string, props: RoleAssumptionProps = {}): RoleAssumption {
    return new RoleAssumption(roleArn, props);
  }

  /** Assumes this role. The role is not changed: its trust policy must name the provider's role or account. */
  static fromRole(role: iam.IRole, props: RoleAssumptionProps = {}): RoleAssumption {
    return new RoleAssumption(role.roleArn, props);
  }

  /** ARN of the role to assume. */
  readonly roleArn: string;
  /** Region in which the resource is managed; undefined for the stack's. */
  readonly region?: string;

  private constructor(
    roleArn: string,
    private readonly props: RoleAssumptionProps,
  ) {
    this.roleArn = roleArn;
    this.region = props.region;
    validate(roleArn, props);
  }

  /**
   * What distinguishes two permissions in construct ids: the role, and whether it is assumed with tags and the like.
   *
   * @internal
   */
  _permissionKey(scope: IConstruct): string {
    const permission = JSON.stringify(Stack.of(scope).resolve(this._permission().toStatementJson()));
    // Roles of two stacks can have the same logical id.
    const roles = Tokenization.reverseString(this.roleArn).tokens.filter(Reference.isReference);
    const key = [permission, ...roles.map(({ target }) => target.node.addr)].join(' ');
    return createHash('sha256').update(key).digest('hex').slice(0, 8);
  }

  /**
   * What the provider must be allowed.
   *
   * @internal
   */
  _permission(): iam.PolicyStatement {
    const { tags, sourceIdentity } = this.props;
    return new iam.PolicyStatement({
      actions: [
        'sts:AssumeRole',
        ...(tags === undefined ? [] : ['sts:TagSession']),
        ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
      ],
      resources: [this.roleArn],
    });
  }

  /**
   * The property that the handler reads (`src/runtime/assumed-role.ts`).
   *
   * @internal
   */
  _render(scope: IConstruct): Record<string, unknown> {
    const { props } = this;
    return {
      RoleArn: this.roleArn,
      SessionName: props.sessionName ?? sessionNameFor(scope),
      ExternalId: props.externalId,
      DurationSeconds: props.duration?.toSeconds() ?? 900,
      Policy: props.sessionPolicy && Stack.of(scope).toJsonString(props.sessionPolicy),
      PolicyArns: props.sessionManagedPolicies?.map((policy) => policy.managedPolicyArn),
      Tags: props.tags && Object.entries(props.tags).map(([Key, Value]) => ({ Key, Value })),
      TransitiveTagKeys: props.transitiveTagKeys,
      SourceIdentity: props.sourceIdentity,
      Region: props.region,
      StsRegion: props.stsRegion,
    };
  }
}

function sessionNameFor(scope: IConstruct): string {
  return Names.uniqueResourceName(scope, { maxLength: 64, allowedSpecialCharacters: '-', separator: '-' });
}

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Limits of AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function validate(roleArn: string, props: RoleAssumptionProps): void {
  const { externalId, sessionName, sourceIdentity, duration, tags, transitiveTagKeys, sessionPolicy } = props;
  const validation = new Validation('sts.RoleAssumption')
    .pattern('roleArn', roleArn, /^arn:[\w-]+:iam::\d{12}:role\/[\u0021-\u007e]+$/, 'be the ARN of an IAM role')
    .length('roleArn', roleArn, 20, 2048)
    .length('externalId', externalId, 2, 1224)
    .pattern('externalId', externalId, /^[\w+=,.@:/-]*$/, 'consist of letters, digits and _+=,.@:/-')
    .length('sessionName', sessionName, 2, 64)
    .pattern('sessionName', sessionName, /^[\w+=,.@-]*$/, 'consist of letters, digits and _+=,.@-')
    .length('sourceIdentity', sourceIdentity, 2, 64)
    .pattern('sourceIdentity', sourceIdentity, /^[\w+=,.@-]*$/, 'consist of letters, digits and _+=,.@-')
    .count('sessionManagedPolicies', props.sessionManagedPolicies, 0, 10)
    .count('tags', tags && Object.keys(tags), 0, 50);
  if (duration !== undefined && !duration.isUnresolved()) {
    validation.range('duration', duration.toSeconds(), 900, 43_200, ' seconds');
  }
  for (const [key, value] of Object.entries(tags ?? {})) {
    validation
      .length(`tags key "${key}"`, key, 1, 128)
      .pattern('tags key', key, TAG, 'consist of letters, digits, spaces and _.:/=+-@')
      .length(`tags value of "${key}"`, value, 0, 256)
      .pattern(`tags value of "${key}"`, value, TAG, 'consist of letters, digits, spaces and _.:/=+-@');
  }
  for (const key of knownEntries(transitiveTagKeys)) {
    validation.require(
      Token.isUnresolved(key) || (tags !== undefined && key in tags),
      `transitiveTagKeys names "${key}", which is not among tags; add the tag or leave the key out`,
    );
  }
  const policy = sessionPolicy === undefined ? '' : JSON.stringify(sessionPolicy.toJSON());
  if (!Token.isUnresolved(policy)) validation.length('sessionPolicy', policy, 0, 2048);
  validation.throwIfInvalid();
}
