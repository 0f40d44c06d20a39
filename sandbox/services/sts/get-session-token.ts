import type { Call, Document, Operation } from '../service';
import { mfaOf } from './mfa';
import { checkIssuingRegion } from './regions';
import { credentialsAnswer } from './role-session';
import type { StsOptions, StsState } from './sts-options';
import { callingUser, USER_TOKEN_SECONDS } from './user-keys';

/**
 * It needs no permission, and policies cannot keep a user from it.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function getSessionToken(options: StsOptions): Operation<StsState> {
  return { permissions: () => [], handle: (input, _state, call) => sessionToken(input, call, options) };
}

function sessionToken(input: Document, call: Call, options: StsOptions): Document {
  const user = callingUser(call, 'GetSessionToken', options);
  checkIssuingRegion(options, user.accountId, call.region);
  const mfaAt = mfaOf(input, call, options);
  const issued = options.credentials.forSessionOf(user, {
    durationSeconds: input.DurationSeconds ?? USER_TOKEN_SECONDS,
    ...(mfaAt !== undefined && { mfaAt }),
  });
  return { Credentials: credentialsAnswer(issued) };
}
