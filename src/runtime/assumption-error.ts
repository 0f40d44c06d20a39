import { accountOf, type RoleSession } from './assumed-role';
import { type AwsError, asAwsError } from './aws-error';
import { denialRemedy, parseDenial } from './denials';

/** A role could not be assumed: what AWS said to that, told from what it says to calls. */
export class AssumptionError extends Error implements AwsError {
  declare readonly code?: string;
  declare readonly $metadata?: AwsError['$metadata'];
  /** Not a property: Lambda logs those of errors that nobody catches. */
  readonly #session: RoleSession;

  constructor(cause: unknown, session: RoleSession) {
    const { name, message, code, $metadata } = asAwsError(cause);
    super(message);
    this.name = name;
    if (code !== undefined) this.code = code;
    if ($metadata !== undefined) this.$metadata = $metadata;
    this.#session = session;
  }

  /** The role that could not be assumed: the one to make the calls with, or one on the way to it. */
  get session(): RoleSession {
    return this.#session;
  }
}

/** What to do about a role that cannot be assumed, now or ever. */
export function assumptionRemedy(error: AssumptionError, denied: boolean): string | undefined {
  const { name, session } = error;
  if (name === 'RegionDisabledException') {
    const [region, account] = [session.stsRegion, accountOf(session)];
    return `STS is not active in ${region} for account ${account}: enable that region there, or set stsRegion of RoleAssumption to one that is enabled`;
  }
  if (name === 'MalformedPolicyDocumentException') return 'correct sessionPolicy of RoleAssumption';
  if (name === 'PackedPolicyTooLargeException') {
    return 'shorten sessionPolicy of RoleAssumption, or give fewer sessionManagedPolicies and tags';
  }
  return denied ? checklist(error) : undefined;
}

/** AWS tells little of why it refuses AssumeRole: all that can be the reason, and applies. */
function checklist({ message, session }: AssumptionError): string {
  const { request, via } = session;
  const denial = parseDenial(message);
  // Of the side that assumes, AWS names the policy; the trust policy it leaves to guesses.
  const ofCaller = denial.policy !== undefined && denial.policy !== 'role trust policy';
  const trust =
    via === undefined
      ? "trusts the provider: its account, or the tag cdk-settled:provider of the provider's role"
      : `trusts the role ${via.request.RoleArn}, which must be allowed to assume it`;
  const checks = [
    trust,
    request.ExternalId === undefined
      ? 'demands no external id, since none is given'
      : `demands the external id "${request.ExternalId}" and no other`,
    ...(isTagged(session) ? ['allows sts:TagSession, since the session has tags'] : []),
    ...(hasSourceIdentity(session) ? ['allows sts:SetSourceIdentity, since there is a source identity'] : []),
    'has not been deleted',
  ];
  const remedy = ofCaller ? `${denialRemedy(denial, { roleArn: via?.request.RoleArn })}; ` : '';
  return `${remedy}the role ${request.RoleArn} could not be assumed: check that it ${checks.join('; that it ')}`;
}

/** Transitive tags of an earlier session count: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
function isTagged({ request, via }: RoleSession): boolean {
  return request.Tags !== undefined || (via !== undefined && hasTransitiveTags(via));
}

function hasTransitiveTags({ request, via }: RoleSession): boolean {
  return (request.TransitiveTagKeys ?? []).length > 0 || (via !== undefined && hasTransitiveTags(via));
}

/** It passes on: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html */
function hasSourceIdentity({ request, via }: RoleSession): boolean {
  return request.SourceIdentity !== undefined || (via !== undefined && hasSourceIdentity(via));
}
