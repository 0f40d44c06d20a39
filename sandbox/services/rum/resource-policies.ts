/**
 * The resource policy of an app monitor: one a monitor, at most 4 KB, only `rum:PutRumEvents`, nobody of another
 * account (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-resource-policies.html).
 *
 * - A policy that was put with a revision id can only be replaced or deleted with that id; AWS is not known to make ids
 *   up, so a policy put without one has none.
 * - Whether AWS looks into `Resource` is not known: here a statement must be about this monitor, wildcards allowed.
 * - The endpoint evaluates the policy for signed calls (see the permission of PutRumEvents).
 */
import { ConditionContext, matchesPattern } from '../../iam/pattern';
import type { PolicyDocument, PolicyStatement } from '../../iam/principal';
import type { Call, Document } from '../service';
import { malformedPolicy, policyNotFound, policyTooLarge, wrongPolicyRevision } from './errors';
import { onMonitor } from './permissions';
import {
  type AppMonitor,
  changeableMonitor,
  existingMonitor,
  type MonitorPolicy,
  type RumOperations,
  type RumState,
} from './state';

/** https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_PutResourcePolicy.html */
const MAX_BYTES = 4096;

const ACTION = 'rum:PutRumEvents';

export function resourcePolicyOperations(): RumOperations {
  return {
    PutResourcePolicy: {
      permissions: (input, call, state) => [onMonitor('PutResourcePolicy', input.Name, call, state)],
      handle: put,
    },
    GetResourcePolicy: {
      permissions: (input, call, state) => [onMonitor('GetResourcePolicy', input.Name, call, state)],
      handle: (input, state) => describe(policyOf(existingMonitor(state, input.Name))),
    },
    DeleteResourcePolicy: {
      permissions: (input, call, state) => [onMonitor('DeleteResourcePolicy', input.Name, call, state)],
      handle: remove,
    },
  };
}

function put(input: Document, state: RumState, call: Call): Document {
  const monitor = changeableMonitor(state, input.Name);
  const bytes = Buffer.byteLength(input.PolicyDocument);
  if (bytes > MAX_BYTES) throw policyTooLarge(`The policy has ${bytes} bytes; at most ${MAX_BYTES} are allowed`);
  checkDocument(input.PolicyDocument, monitor, call);
  checkRevision(monitor.policy, input.PolicyRevisionId);
  monitor.policy = { document: input.PolicyDocument, revisionId: input.PolicyRevisionId };
  return describe(monitor.policy);
}

function remove(input: Document, state: RumState): Document {
  const monitor = changeableMonitor(state, input.Name);
  const { revisionId } = policyOf(monitor);
  checkRevision(monitor.policy, input.PolicyRevisionId);
  if (input.PolicyRevisionId !== undefined && input.PolicyRevisionId !== revisionId) {
    throw wrongPolicyRevision(`Revision '${input.PolicyRevisionId}' is not that of the policy`);
  }
  monitor.policy = undefined;
  return revisionId === undefined ? {} : { PolicyRevisionId: revisionId };
}

function policyOf(monitor: AppMonitor): MonitorPolicy {
  if (monitor.policy === undefined) throw policyNotFound(monitor.name);
  return monitor.policy;
}

function describe(policy: MonitorPolicy): Document {
  const { document, revisionId } = policy;
  return { PolicyDocument: document, ...(revisionId === undefined ? {} : { PolicyRevisionId: revisionId }) };
}

function checkRevision(policy: MonitorPolicy | undefined, given: string | undefined): void {
  if (policy?.revisionId !== undefined && policy.revisionId !== given) {
    throw wrongPolicyRevision(`The policy has another revision than '${given ?? ''}'; read it again`);
  }
}

function checkDocument(text: string, monitor: AppMonitor, call: Call): void {
  const document = parse(text);
  const statements = [document.Statement].flat() as readonly PolicyStatement[];
  if (statements.length === 0) throw malformedPolicy('The policy has no statement');
  for (const statement of statements) checkStatement(statement, monitor, call);
}

function parse(text: string): PolicyDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformedPolicy('The policy is not JSON');
  }
  if (typeof document !== 'object' || document === null || !('Statement' in document)) {
    throw malformedPolicy('The policy is not a JSON object with a Statement');
  }
  return document as PolicyDocument;
}

function checkStatement(statement: PolicyStatement, monitor: AppMonitor, call: Call): void {
  if (typeof statement !== 'object' || statement === null) throw malformedPolicy('A statement must be an object');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformedPolicy(`Effect '${statement.Effect}' is neither Allow nor Deny`);
  }
  for (const action of listOf(statement.Action, 'Action')) {
    if (action !== ACTION) throw malformedPolicy(`Action '${action}' is not supported; only ${ACTION} is`);
  }
  for (const resource of listOf(statement.Resource, 'Resource')) {
    if (!covers(resource, monitor.arn)) throw malformedPolicy(`Resource '${resource}' is not ${monitor.arn}`);
  }
  for (const principal of principalsOf(statement.Principal)) {
    const account = /^(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(principal)?.[1];
    if (account !== undefined && account !== call.accountId) {
      throw malformedPolicy(`Principal '${principal}' is of another account, which this policy cannot allow`);
    }
  }
}

function listOf(value: string | readonly string[] | undefined, element: string): readonly string[] {
  const values = value === undefined ? [] : [value].flat();
  if (values.length === 0) throw malformedPolicy(`A statement has no ${element}`);
  return values as readonly string[];
}

function principalsOf(principal: unknown): readonly string[] {
  if (typeof principal === 'string') return [principal];
  if (typeof principal !== 'object' || principal === null) throw malformedPolicy('A statement has no Principal');
  return Object.values(principal as Record<string, string | readonly string[]>).flat();
}

/** Such a policy knows no variables. */
function covers(pattern: string, arn: string): boolean {
  return matchesPattern(pattern, arn, { context: new ConditionContext(), variables: false });
}
