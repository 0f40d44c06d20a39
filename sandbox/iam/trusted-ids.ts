import { statements } from './policy';
import { checkPolicyDocument, malformed, policySize } from './policy-document';
import type { PolicyDocument } from './principal';
import { limitExceeded, TRUST_POLICY_SIZE } from './quotas';
import { principalsOf } from './trust';

/**
 * The ids of the roles and users that a trust policy names. IAM resolves them when it stores the policy, and refuses names
 * that stand for nobody. `idOf` knows the id behind an ARN.
 */
export function trustedIds(
  trust: PolicyDocument,
  idOf: (arn: string) => string | undefined,
): ReadonlyMap<string, string> {
  checkPolicyDocument(trust, 'trust');
  if (policySize(trust) > TRUST_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
  }
  const ids = new Map<string, string>();
  for (const name of statements(trust).flatMap((statement) => principalsOf(statement, 'AWS'))) {
    const known = name === '*' || /^\d{12}$/.test(name) || /^arn:[\w-]+:(iam|sts)::\d{12}:[\w/+=,.@-]+$/.test(name);
    const id = idOf(name);
    if (!known || (/:iam::\d{12}:(role|user)\//.test(name) && id === undefined)) {
      throw malformed(`Invalid principal in policy: "AWS":"${name}"`);
    }
    if (id !== undefined) ids.set(name, id);
  }
  return ids;
}
