import { ServiceError } from '../services/service';
import { listOf, statements } from './policy';
import type { PolicyDocument, PolicyStatement } from './principal';

/** Refuses a document that IAM would not store. */
export function checkPolicyDocument(document: PolicyDocument, kind: 'identity' | 'trust'): void {
  if (document.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(document.Version)) {
    throw malformed(`The policy has the version '${document.Version}', which is not a policy language version`);
  }
  if (document.Statement === undefined || statements(document).length === 0) {
    throw malformed('The policy has no statements');
  }
  for (const statement of statements(document)) checkStatement(statement, kind);
}

/** Reads a policy that arrives as text, as session policies do. */
export function parsePolicyDocument(text: string): PolicyDocument {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('The policy is not in the valid JSON format.');
  }
  if (typeof document !== 'object' || document === null) throw malformed('The policy is not a JSON object.');
  checkPolicyDocument(document, 'identity');
  return document;
}

/** Bytes of a policy as IAM counts them against its quotas: without the white space between its tokens. */
export function policySize(document: PolicyDocument): number {
  return Buffer.byteLength(JSON.stringify(document));
}

function checkStatement(statement: PolicyStatement, kind: 'identity' | 'trust'): void {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformed(`The policy has a statement with the effect '${statement.Effect}': use Allow or Deny`);
  }
  const actions = [...listOf<string>(statement.Action), ...listOf<string>(statement.NotAction)];
  if (actions.length === 0) throw malformed('The policy has a statement without actions');
  for (const action of actions) {
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw malformed(`The action '${action}' is not of the form service:Operation`);
    }
  }
  const hasResources = [...listOf(statement.Resource), ...listOf(statement.NotResource)].length > 0;
  const hasPrincipals = statement.Principal !== undefined;
  if (kind === 'identity' && !hasResources) throw malformed('The policy has a statement without resources');
  if (kind === 'identity' && hasPrincipals) throw malformed('An identity-based policy must not have principals');
  if (kind === 'trust' && hasResources) throw malformed('A role trust policy must not have resources');
  if (kind === 'trust' && !hasPrincipals) throw malformed('The role trust policy has a statement without principals');
}

export function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', message, 400);
}
