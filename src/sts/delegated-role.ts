import { Annotations, Aspects, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { PROVIDER_TAG, type ProviderIdentity, providerTagOf } from '../core/provider-identity';
import { checkTagKey } from '../core/tag-validation';
import { knownEntries, pathBelow, Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable } from './delegated-permissions';
import { type CallerMark, DelegatedTrust } from './delegated-trust';
import { RoleAssumption, type RoleAssumptionProps } from './role-assumption';
import { checkExternalId } from './role-assumption-validation';
import { lastingRoleName } from './role-name';
import type { RoleOptions } from './role-options';
import type { TrustedCaller } from './trusted-caller';

/** Properties of a delegated role. */
export interface DelegatedRoleProps extends RoleOptions {
  /**
   * What is managed through the role: it gets the permissions for that, and trusts whom it is managed by. More can come by
   * `allowManaging`. Updated in place.
   *
   * When something leaves, deploy the managing stack before the stack of the role: without the permissions, nobody could
   * delete it.
   *
   * @default - nothing yet
   */
  readonly manages?: IDelegable[];

  /**
   * Who else may assume the role, such as people who look into a problem. Updated in place.
   *
   * @default - nobody
   */
  readonly trusts?: TrustedCaller[];

  /**
   * The hub role from whose sessions this one is assumed (`via` of `RoleAssumption`). It is trusted instead of the functions
   * behind what is managed. `sessionTagKeys` and `sourceIdentities` must also name what it passes on. Updated in place.
   *
   * @default - the functions assume the role themselves
   */
  readonly hub?: TrustedCaller;

  /**
   * The word that whoever assumes the role must say: 2 to 1,224 characters of letters, digits and `+=,.@:/-_`. It is no
   * secret; it tells the customers of one managing account from each other. Needed as soon as another account is trusted.
   * Updated in place.
   *
   * @default - none; only callers of the role's own account can be trusted
   */
  readonly externalId?: string;

  /**
   * Keys of the session tags that callers may set (`sts:TagSession`), at most 50. Updated in place.
   *
   * @default - none
   */
  readonly sessionTagKeys?: string[];

  /**
   * The source identities that callers may set or pass on (`sts:SetSourceIdentity`): 2 to 64 characters of letters, digits
   * and `+=,.@-_`, with `*` and `?` as wildcards. Updated in place.
   *
   * @default - none
   */
  readonly sourceIdentities?: string[];

  /**
   * Whether encoded authorization messages may be decoded with the role (`sts:DecodeAuthorizationMessage`), so that the
   * reason of a denied call is told. Their content is privileged: it tells of policies of this account. Updated in place.
   *
   * @default false
   */
  readonly explainDenials?: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, which can be raised to twice of it */
const TRUST_POLICY_CHARACTERS = 2048;
const MAX_TRUST_POLICY_CHARACTERS = 4096;

/**
 * The other side of `RoleAssumption`: the role with which constructs of this library manage their resources in an account.
 * It stands in a stack of that account, has exactly the permissions that the constructs take, and trusts exactly the
 * functions that stand behind them.
 *
 * Use it where one account manages resources in another, or where a stack's functions are to get permissions of their own.
 * Do not use it for people, for other programs (take a role of your own), or where the managing stack can as well be deployed
 * to the other account.
 *
 * The functions are told by the tag `cdk-settled:provider` of their roles, which names stack and service, together with the
 * account and the external id. So the role can be made before the managing stack; and who may tag roles or sessions in the
 * managing account can use it as well.
 *
 * @resource AWS::IAM::Role
 */
export class DelegatedRole extends iam.Role {
  /** The word that whoever assumes the role must say. */
  readonly externalId?: string;

  private readonly props: DelegatedRoleProps;
  private readonly trust: DelegatedTrust;
  private readonly managed: DelegatedPermissions[] = [];

  constructor(scope: Construct, id: string, props: DelegatedRoleProps = {}) {
    validate(pathBelow(scope, id), props);
    const trust = new DelegatedTrust({ ...props, ownAccount: Stack.of(scope).account });
    super(scope, id, {
      assumedBy: trust,
      roleName: props.roleName ?? lastingRoleName(scope, id),
      path: props.path,
      description: props.description ?? 'Lets constructs of cdk-settled manage resources of this account',
      maxSessionDuration: props.maxSessionDuration,
      permissionsBoundary: props.permissionsBoundary,
    });
    this.externalId = props.externalId;
    this.props = props;
    this.trust = trust;
    for (const caller of [props.hub ?? [], props.trusts ?? []].flat()) this.allowCaller(caller);
    this.allowManaging(...(props.manages ?? []));
    // What constructs need may grow until synthesis; the role itself divides policies that are too long after this.
    Aspects.of(this).add({ visit: (node) => node === this && this.grantAll() }, { priority: 100 });
    Aspects.of(this).add({ visit: (node) => node === this && this.explainWildcards() });
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** Lets the role manage these as well: adds permissions, and trust in the functions behind them. */
  allowManaging(...delegables: IDelegable[]): void {
    for (const delegable of delegables) {
      const required = delegable.requiredPermissions();
      this.requireThisRole(required);
      if (this.props.hub === undefined) this.allowProvider(required._provider);
      this.managed.push(required);
    }
  }

  /**
   * How to assume this role, for the `assumeRole` of constructs in the same app: it comes with the external id, and the
   * resources are made after the role and deleted before it. The constructs must also be given to `allowManaging`.
   */
  assumption(props: RoleAssumptionProps = {}): RoleAssumption {
    const { sessionTagKeys = [], sourceIdentities = [] } = this.props;
    const untrusted = Object.keys(props.tags ?? {}).filter((key) => !sessionTagKeys.includes(key));
    new Validation(this.node.path)
      .check(
        'externalId of the assumption',
        props.externalId,
        [undefined, this.externalId].includes(props.externalId),
        'be left out or be that of the role',
      )
      .check('tags of the assumption', untrusted, untrusted.length === 0, 'be among sessionTagKeys of the role')
      .require(
        props.sourceIdentity === undefined || sourceIdentities.length > 0,
        `sourceIdentity of the assumption needs sourceIdentities of the role, got "${props.sourceIdentity}"; add it there`,
      )
      .throwIfInvalid();
    return RoleAssumption.fromRole(this, { ...props, externalId: this.externalId });
  }

  /** Otherwise the permissions would be of no use, and those that are needed would be missed only at deployment. */
  private requireThisRole({ _managed: managed }: DelegatedPermissions): void {
    if (managed === undefined || managed.assumption?._leadsTo(this, this.props.roleName)) return;
    const how = managed.assumption === undefined ? 'without a role' : 'with another role';
    throw new Error(
      `${this.node.path}: manages must be what is managed with this role, got ${managed.path}, which is managed ${how}; give it the assumption() of this role as assumeRole`,
    );
  }

  private allowProvider(provider: ProviderIdentity): void {
    this.allowAccount(this.accountOf(provider), {
      operator: provider.stackName.includes('*') ? 'StringLike' : 'StringEquals',
      key: `aws:PrincipalTag/${PROVIDER_TAG}`,
      value: providerTagOf(provider),
    });
  }

  private allowCaller({ _account: account, _roleArn: value }: TrustedCaller): void {
    this.allowAccount(
      account,
      value === undefined ? undefined : { operator: 'ArnEquals', key: 'aws:PrincipalArn', value },
    );
  }

  private allowAccount(account: string, caller?: CallerMark & { readonly value: string }): void {
    new Validation(this.node.path)
      .require(
        this.externalId !== undefined || !this.trust.isForeign(account),
        `externalId must be given where account ${shown(account)} is trusted, which may not be the role's own (${shown(this.stack.account)}): otherwise others whom that account serves could make it use this role for them (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)`,
      )
      .throwIfInvalid();
    this.trust.add(account, caller, caller?.value);
  }

  /** Two stacks without accounts are deployed to the same one, as everywhere in the CDK. */
  private accountOf({ account, stackName }: ProviderIdentity): string {
    const own = this.stack.account;
    new Validation(this.node.path)
      .require(
        account !== undefined || Token.isUnresolved(own),
        `manages needs the account of stack "${stackName}" to trust it, which is not known; give that stack an env with an account`,
      )
      .throwIfInvalid();
    return account ?? own;
  }

  /** What several constructs need is allowed once. */
  private grantAll(): void {
    const given = new Set<string>();
    for (const statement of this.statements()) {
      const key = JSON.stringify(this.stack.resolve(statement.toStatementJson()));
      if (!given.has(key)) this.addToPrincipalPolicy(statement);
      given.add(key);
    }
  }

  private statements(): iam.PolicyStatement[] {
    return [
      ...this.managed.flatMap(({ statements }) => statements),
      // "*": it has no resource-level permissions.
      ...(this.props.explainDenials
        ? [new iam.PolicyStatement({ actions: ['sts:DecodeAuthorizationMessage'], resources: ['*'] })]
        : []),
    ];
  }

  private explainWildcards(): void {
    const wide = new Set(this.statements().flatMap(({ resources }) => resources.filter((arn) => arn.includes('*'))));
    const findings = [...wide].map((arn) => ({
      rule: 'AwsSolutions-IAM5',
      reason: AS_THE_HANDLERS,
      finding: findingOf(arn),
    }));
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']) explainFindings(this, type, findings);
  }

  private problems(): string[] {
    if (this.trust.isEmpty) {
      return ['nobody is trusted to assume the role; give manages or trusts, or call allowManaging'];
    }
    const size = sizeOf(this.stack.resolve(this.assumeRolePolicy?.toJSON()));
    const problem = `the trust policy must have at most ${MAX_TRUST_POLICY_CHARACTERS} characters, and ${TRUST_POLICY_CHARACTERS} in an account whose quota was not raised, got ${size} or more; let another DelegatedRole manage some of it`;
    if (size > MAX_TRUST_POLICY_CHARACTERS) return [problem];
    if (size > TRUST_POLICY_CHARACTERS) Annotations.of(this).addWarningV2('cdk-settled:trustPolicySize', problem);
    return [];
  }
}

const AS_THE_HANDLERS =
  'Constructs of cdk-settled need it as their handlers in the own account do; the reason stands beside the statement there.';

/** As cdk-nag writes a finding: with references in the place of tokens. */
function findingOf(resource: string): RegExp {
  const literals = resource.split(/\$\{Token\[[^\]]*\]\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^Resource::${literals.join('.+')}$`);
}

/** Of a resolved document, without what only CloudFormation knows. */
function sizeOf(document: unknown): number {
  const literal = (_: string, value: unknown): unknown => {
    const [[name = '', content] = [], ...others] = Object.entries(Object(value) as object);
    if (typeof value !== 'object' || others.length > 0 || !/^(Ref|Fn::.+)$/.test(name)) return value;
    return name === 'Fn::Join' ? content[1].filter((part: unknown) => typeof part === 'string').join(content[0]) : '';
  };
  return JSON.stringify(document, literal).length;
}

function shown(account: string): string {
  return Token.isUnresolved(account) ? 'not known before deployment' : account;
}

function validate(path: string, { externalId, sessionTagKeys, sourceIdentities }: DelegatedRoleProps): void {
  const validation = new Validation(path).count('sessionTagKeys', sessionTagKeys, 0, 50);
  checkExternalId(validation, externalId);
  for (const key of knownEntries(sessionTagKeys)) checkTagKey(validation, 'sessionTagKeys', key);
  for (const identity of knownEntries(sourceIdentities)) {
    validation
      .length('sourceIdentities', identity, 1, 64)
      .pattern(
        'sourceIdentities',
        identity,
        /^[\w+=,.@*?-]*$/,
        'consist of letters, digits and _+=,.@-, with * and ? as wildcards',
      );
  }
  validation.throwIfInvalid();
}
