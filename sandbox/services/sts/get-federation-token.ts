import type { Permission } from '../../iam/principal';
import { NOBODY } from '../../iam/trust-versions';
import type { Call, Document, Operation } from '../service';
import { checkIssuingRegion } from './regions';
import { credentialsAnswer } from './role-session';
import { readSessionPolicy } from './session-policy';
import { checkSessionTags, tagContext, tagsOf } from './session-tags';
import type { StsOptions, StsState } from './sts-options';
import { callingUser, USER_TOKEN_SECONDS } from './user-keys';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export function getFederationToken(options: StsOptions): Operation<StsState> {
  return {
    permissions(input, call) {
      callingUser(call, 'GetFederationToken', options);
      return permissionsOf(input, call);
    },
    handle: (input, _state, call) => federationToken(input, call, options),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_enable-create.html */
function permissionsOf(input: Document, call: Call): readonly Permission[] {
  const resource = federatedUserArn(input, call);
  const context = tagContext(input);
  const actions = ['sts:GetFederationToken', ...(tagsOf(input.Tags).length > 0 ? ['sts:TagSession'] : [])];
  return actions.map((action) => ({ action, resource, context }));
}

function federationToken(input: Document, call: Call, options: StsOptions): Document {
  const user = callingUser(call, 'GetFederationToken', options);
  checkIssuingRegion(options, user.accountId, call.region);
  checkSessionTags(input, call.principal);
  const { policy = NO_PERMISSIONS, packedPercent } = readSessionPolicy(input, options.iam, user.accountId);
  const issued = options.credentials.forFederatedUser(user, input.Name, {
    durationSeconds: input.DurationSeconds ?? USER_TOKEN_SECONDS,
    sessionPolicy: policy,
    sessionTags: Object.fromEntries(tagsOf(input.Tags)),
  });
  return {
    Credentials: credentialsAnswer(issued),
    FederatedUser: { FederatedUserId: `${user.accountId}:${input.Name}`, Arn: federatedUserArn(input, call) },
    ...(packedPercent !== undefined && { PackedPolicySize: packedPercent }),
  };
}

/** Without a policy a federated user has only what policies of resources give to it by name. */
const NO_PERMISSIONS = NOBODY.trust;

function federatedUserArn({ Name }: Document, { world, principal }: Call): string {
  return `arn:${world.partition}:sts::${principal.accountId}:federated-user/${Name}`;
}
