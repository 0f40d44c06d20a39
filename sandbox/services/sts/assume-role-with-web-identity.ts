import type { Call, Document, Operation } from '../service';
import { trustingRole } from './federated-trust';
import { checkIssuingRegion } from './regions';
import { accountOf, checkRoleArn, checkRoleDuration, DEFAULT_SECONDS, issueRoleSession } from './role-session';
import { readSessionPolicy } from './session-policy';
import type { StsOptions, StsState } from './sts-options';
import { readWebIdentity } from './web-identity-token';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export function assumeRoleWithWebIdentity(options: StsOptions): Operation<StsState> {
  return {
    unsigned: (input) => accountOf(input.RoleArn),
    permissions: () => [],
    handle: (input, _state, call) => assume(input, call, options),
  };
}

function assume(input: Document, call: Call, options: StsOptions): Document {
  checkRoleArn(input.RoleArn);
  if (input.ProviderId !== undefined) {
    throw new Error('the sandbox knows OpenID Connect tokens only: add those of OAuth 2.0 to sandbox/services/sts');
  }
  const accountId = accountOf(input.RoleArn);
  checkIssuingRegion(options, accountId, call.region);
  const token = readWebIdentity(input.WebIdentityToken, accountId, call.world.clock.now(), options);
  const federated = { ...token, sessionName: input.RoleSessionName };
  const role = trustingRole(input, federated, 'sts:AssumeRoleWithWebIdentity', call, options);
  const durationSeconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  checkRoleDuration(durationSeconds, role);
  const { Tags, TransitiveTagKeys } = token.tags;
  const session = issueRoleSession(
    {
      role,
      name: input.RoleSessionName,
      durationSeconds,
      ...readSessionPolicy({ ...input, Tags }, options.iam, accountId),
      sessionTags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      transitiveTagKeys: TransitiveTagKeys,
      identity: token.identity,
      ...(token.sourceIdentity !== undefined && { sourceIdentity: token.sourceIdentity }),
    },
    options,
  );
  const { subject, issuer, audience } = token;
  return { ...session, SubjectFromWebIdentityToken: subject, Provider: issuer, Audience: audience };
}
