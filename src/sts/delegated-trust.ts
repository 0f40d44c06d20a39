import { Lazy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

export interface DelegatedTrustProps {
  /** Account of the role. */
  readonly ownAccount: string;
  readonly externalId?: string;
  readonly sessionTagKeys?: readonly string[];
  readonly sourceIdentities?: readonly string[];
}

/** Whom an account's callers are told by. */
export interface CallerMark {
  readonly operator: 'StringEquals' | 'StringLike' | 'ArnEquals';
  readonly key: string;
}

/**
 * Whom a delegated role trusts. Statements of the same account and mark are one, since a trust policy has little room. The
 * principal is the account, told further by a condition, since IAM refuses a policy that names a role that is not there yet,
 * and forgets one that was made again: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * The keys are there whoever asks for what:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
 */
export class DelegatedTrust extends iam.PrincipalBase {
  readonly policyFragment = new iam.PrincipalPolicyFragment({});
  /** Values of the condition, by account and mark. */
  private readonly callers = new Map<string, Set<string>>();
  private document?: iam.PolicyDocument;

  constructor(private readonly props: DelegatedTrustProps) {
    super();
  }

  /** Called by the role with its trust policy. */
  override addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    this.document = document;
  }

  dedupeString(): string | undefined {
    return undefined;
  }

  get isEmpty(): boolean {
    return this.callers.size === 0;
  }

  /** Whether the account is, or may be, another one than that of the role. */
  isForeign(account: string): boolean {
    return account !== this.props.ownAccount;
  }

  /** Trusts callers of an account who have this mark, or all of them. */
  add(account: string, mark?: CallerMark, value?: string): void {
    const key = [account, mark?.operator, mark?.key].join(' ');
    const known = this.callers.get(key);
    const values = known ?? new Set();
    if (value !== undefined) values.add(value);
    if (known !== undefined) return;
    this.callers.set(key, values);
    this.document?.addStatements(...this.statements(account, mark, values));
  }

  private statements(account: string, mark: CallerMark | undefined, values: Set<string>): iam.PolicyStatement[] {
    const { externalId, sessionTagKeys = [], sourceIdentities = [] } = this.props;
    const trusting = (action: string): iam.PolicyStatement => {
      const statement = new iam.PolicyStatement({ actions: [action], principals: [new iam.AccountPrincipal(account)] });
      if (mark !== undefined) statement.addCondition(mark.operator, { [mark.key]: listed(values) });
      return statement;
    };
    const assuming = trusting('sts:AssumeRole');
    if (externalId !== undefined) assuming.addCondition('StringEquals', { 'sts:ExternalId': externalId });
    // These are of use only to whom the first one is allowed: the external id need not stand there again.
    const tagging = trusting('sts:TagSession');
    tagging.addCondition('ForAllValues:StringEquals', { 'aws:TagKeys': [...sessionTagKeys] });
    const identifying = trusting('sts:SetSourceIdentity');
    identifying.addCondition('StringLike', { 'sts:SourceIdentity': [...sourceIdentities] });
    return [
      assuming,
      ...(sessionTagKeys.length === 0 ? [] : [tagging]),
      ...(sourceIdentities.length === 0 ? [] : [identifying]),
    ];
  }
}

/** More values may come until synthesis. */
function listed(values: ReadonlySet<string>): unknown {
  return Lazy.any({ produce: () => (values.size === 1 ? [...values][0] : [...values].sort(byText)) });
}

/** So that the order of constructs does not change the policy. */
function byText(one: string, other: string): number {
  if (Token.isUnresolved(one) || Token.isUnresolved(other)) return 0;
  return one < other ? -1 : 1;
}
