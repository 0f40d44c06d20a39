import type { User } from '../../iam/users';
import { type Call, ServiceError } from '../service';
import type { StsOptions } from './sts-options';

/**
 * The user who calls with keys of its own. Nobody else can ask for session and federation tokens: no role, so no function.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
export function callingUser({ principal }: Call, operation: string, { iam }: StsOptions): User {
  const user = principal.user && principal.token === undefined ? iam.users.user(principal.user.arn) : undefined;
  if (user !== undefined) return user;
  throw new ServiceError('AccessDenied', `Cannot call ${operation} with session credentials`, 403);
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const USER_TOKEN_SECONDS = 43_200;
