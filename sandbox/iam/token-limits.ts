import type { Principal } from './principal';

/**
 * Whether an action is one that temporary credentials of users cannot do whatever the policies say: with a session token
 * nothing of STS but AssumeRole, and of IAM only after a code of the MFA device; with a federation token neither. To pass a
 * role on is no call of IAM.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
export function beyondToken({ token, mfaAt }: Principal, action: string): boolean {
  if (token === undefined) return false;
  const [service, operation = ''] = action.toLowerCase().split(':');
  if (service === 'iam') return operation !== 'passrole' && (token === 'federation' || mfaAt === undefined);
  return service === 'sts' && (token === 'federation' || !OF_ASSUME_ROLE.includes(operation));
}

/** What AssumeRole asks for. GetCallerIdentity asks for nothing. */
const OF_ASSUME_ROLE = ['assumerole', 'tagsession', 'setsourceidentity'];
