import { type Duration, Names, Reference, Resource, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { digest } from '../core/digest';
import { known } from '../core/place';
import { validateRoleAssumption } from './role-assumption-validation';

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
   * resource of this library. 15 minutes to one hour: the provider's role is a role itself, and sessions of roles that
   * are assumed by roles end after an hour, whatever the role allows.
   *
   * @default Duration.minutes(15)
   */
  readonly duration?: Duration;

  /**
   * Narrows what the session may do: it gets what both this policy and the role allow. At most 2,048 characters, together
   * with the ARNs of `sessionManagedPolicies`.
   *
   * @default - the session has the permissions of the role
   */
  readonly sessionPolicy?: iam.PolicyDocument;

  /**
   * Managed policies that narrow the session in the same way: at most 10, of the role's account or of AWS.
   *
   * @default - none
   */
  readonly sessionManagedPolicies?: iam.IManagedPolicy[];

  /**
   * Session tags. At most 50, whose keys differ in more than upper and lower case; the role's trust policy must allow
   * `sts:TagSession`.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Keys of session tags that pass on to roles assumed from this session. Those roles' trust policies must allow
   * `sts:TagSession`, too.
   *
   * @default - none
   */
  readonly transitiveTagKeys?: string[];

  /**
   * Who stands behind the session; it cannot be changed in later role assumptions. 2 to 64 characters of letters, digits
   * and `+=,.@-_`; the trust policies of the role and of those assumed from its session must allow
   * `sts:SetSourceIdentity`.
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

  /**
   * Assume the role from the session of this one, as where a hub account reaches the member accounts. The provider may
   * then assume the first role of the chain only; each other must be allowed to the role before it and trust that one.
   *
   * The resource is managed in the account and region of the last role: what stands here has no `region`.
   *
   * @default - the role is assumed from the provider's own role
   */
  readonly via?: RoleAssumption;
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

  /**
   * Assumes this role. The role is not changed: its trust policy must name the provider's role or account. Where it is
   * made in this app, it is made before the resource and deleted after it, and so are the policies in the role's scope:
   * let none of them refer to the resource. `DelegatedRole` has all that by itself.
   */
  static fromRole(role: iam.IRole, props: RoleAssumptionProps = {}): RoleAssumption {
    return new RoleAssumption(role.roleArn, props, role);
  }

  /** ARN of the role to assume. */
  readonly roleArn: string;
  /** Region in which the resource is managed; undefined for the stack's. */
  readonly region?: string;

  private constructor(
    roleArn: string,
    private readonly props: RoleAssumptionProps,
    private readonly role?: iam.IRole,
  ) {
    this.roleArn = roleArn;
    this.region = props.region;
    validateRoleAssumption({ roleArn, role, props, via: props.via?._chain() ?? [] });
  }

  /**
   * Account of the role; undefined where the app does not know it.
   *
   * @internal
   */
  get _account(): string | undefined {
    // The ARN of a role that is made in this app is a token as a whole.
    return this.roleArn.startsWith('arn:') ? this.roleArn.split(':')[4] : this.role && known(this.role.env.account);
  }

  /**
   * Whether this may be how a role is assumed: of a role that is named elsewhere, only account and name can tell.
   *
   * @internal
   */
  _leadsTo(role: iam.Role, roleName: string | undefined): boolean {
    if (this.role !== undefined && Resource.isOwnedResource(this.role)) return this.role === role;
    const differ = (one: string | undefined, other: string | undefined): boolean =>
      one !== undefined && other !== undefined && ![one, other].some(Token.isUnresolved) && one !== other;
    return !differ(this._account, role.env.account) && !differ(this.roleArn.split('/').pop(), roleName);
  }

  /**
   * The props of this and of all before it, in the order in which the roles are assumed.
   *
   * @internal
   */
  _chain(): RoleAssumptionProps[] {
    return [...(this.props.via?._chain() ?? []), this.props];
  }

  /**
   * Lets what uses the role be made after it and be deleted before it: nobody could delete it otherwise.
   *
   * @internal
   */
  _dependOn(user: IConstruct): void {
    this.props.via?._dependOn(user);
    // The ARN alone does not say so of a role in another stack whose name is known, nor of its policies.
    if (this.role !== undefined) user.node.addDependency(this.role);
  }

  /**
   * What distinguishes two permissions in construct ids: the role, and whether it is assumed with tags and the like.
   *
   * @internal
   */
  _permissionKey(scope: IConstruct): string {
    const permission = JSON.stringify(Stack.of(scope).resolve(this._permission().toStatementJson()));
    // Roles of two stacks can have the same logical id.
    const roles = Tokenization.reverseString(this.firstRoleArn()).tokens.filter(Reference.isReference);
    const key = [permission, ...roles.map(({ target }) => target.node.addr)].join(' ');
    return digest(key, 8);
  }

  /**
   * What the provider must be allowed: the first role of the chain.
   *
   * @internal
   */
  _permission(): iam.PolicyStatement {
    const { tags, sourceIdentity, via } = this.props;
    if (via !== undefined) return via._permission();
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
      Via: props.via?._render(scope),
    };
  }

  private firstRoleArn(): string {
    return this.props.via?.firstRoleArn() ?? this.roleArn;
  }
}

function sessionNameFor(scope: IConstruct): string {
  return Names.uniqueResourceName(scope, { maxLength: 64, allowedSpecialCharacters: '-', separator: '-' });
}
