import { type Call, type Document, type Operation, ServiceError } from '../service';
import { expiredToken, invalidIdentityToken, trustingRole } from './federated-trust';
import { checkIssuingRegion } from './regions';
import { accountOf, checkRoleArn, checkRoleDuration, DEFAULT_SECONDS, issueRoleSession } from './role-session';
import { readAssertion, type SamlIdentity } from './saml-assertion';
import { verifiedAssertion } from './saml-response';
import { readSessionPolicy } from './session-policy';
import type { StsOptions, StsState } from './sts-options';
import { UnreadableXml } from './xml-tree';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
export function assumeRoleWithSaml(options: StsOptions): Operation<StsState> {
  return {
    unsigned: (input) => accountOf(input.RoleArn),
    permissions: () => [],
    handle: (input, _state, call) => assume(input, call, options),
  };
}

function assume(input: Document, call: Call, options: StsOptions): Document {
  checkRoleArn(input.RoleArn);
  const accountId = accountOf(input.RoleArn);
  checkIssuingRegion(options, accountId, call.region);
  const now = call.world.clock.now();
  const said = identityOf(input, now, options);
  if (
    !said.roles.some((pair) => pair.length === 2 && [input.RoleArn, said.provider].every((arn) => pair.includes(arn)))
  ) {
    throw new ServiceError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML', 403);
  }
  const role = trustingRole(input, said, 'sts:AssumeRoleWithSAML', call, options);
  const wanted = input.DurationSeconds ?? said.sessionSeconds ?? DEFAULT_SECONDS;
  checkRoleDuration(wanted, role);
  const { Tags, TransitiveTagKeys } = said.tags;
  const session = issueRoleSession(
    {
      role,
      name: said.sessionName,
      durationSeconds: shortened(wanted, said, now),
      ...readSessionPolicy({ ...input, Tags }, options.iam, accountId),
      sessionTags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      transitiveTagKeys: TransitiveTagKeys,
      identity: said.identity,
      ...(said.sourceIdentity !== undefined && { sourceIdentity: said.sourceIdentity }),
    },
    options,
  );
  return {
    ...session,
    Subject: said.subject,
    SubjectType: said.subjectType,
    Issuer: said.issuer,
    Audience: said.recipient,
    NameQualifier: said.nameQualifier,
  };
}

/** A provider that is not in the role's own account cannot be trusted by it. */
function identityOf(input: Document, now: number, { iam }: StsOptions): SamlIdentity {
  const provider = iam.identityProviders.samlProvider(input.PrincipalArn);
  if (provider === undefined || provider.accountId !== accountOf(input.RoleArn)) {
    throw invalidIdentityToken("Specified provider doesn't exist");
  }
  try {
    return readAssertion(verifiedAssertion(input.SAMLAssertion, provider), provider, now);
  } catch (error) {
    if (error instanceof UnreadableXml) throw invalidIdentityToken(error.message);
    throw error;
  }
}

/** The session ends with that at the provider, if that is sooner. */
function shortened(seconds: number, { sessionEnd }: SamlIdentity, now: number): number {
  if (sessionEnd === undefined) return seconds;
  const left = Math.floor((sessionEnd - now) / 1000);
  if (left <= 0) throw expiredToken('The session of the assertion has ended');
  return Math.min(seconds, left);
}
