/**
 * Resource policies: backups only, owned and READY, to let other accounts describe them and restore clusters from them
 * (https://docs.aws.amazon.com/cloudhsm/latest/userguide/sharing.html). The endpoint evaluates them where a cluster is made
 * from a backup. What AWS says of a wrong policy, or to a backup without one, is not documented.
 */
import { listOf, statements } from '../../iam/policy';
import type { PolicyDocument, PolicyStatement } from '../../iam/principal';
import type { Call, Document } from '../service';
import { invalidRequest, notFound } from './errors';
import { onResource } from './permissions';
import { arnOf, type Backup, type CloudHsmOperations, type CloudHsmState, existingBackup } from './state';

const SHAREABLE = ['cloudhsm:CreateCluster', 'cloudhsm:DescribeBackups'];

export function resourcePolicyOperations(): CloudHsmOperations {
  const onBackup = (action: string) => (input: Document, call: Call, state: CloudHsmState) => [
    onResource(action, idOf(input), call, state),
  ];
  return {
    PutResourcePolicy: { permissions: onBackup('PutResourcePolicy'), handle: put },
    GetResourcePolicy: {
      permissions: onBackup('GetResourcePolicy'),
      handle: (input, state, call) => described(backupOf(input, state, call).policy),
    },
    DeleteResourcePolicy: {
      permissions: onBackup('DeleteResourcePolicy'),
      handle: (input, state, call) => {
        const backup = backupOf(input, state, call);
        const { policy } = backup;
        backup.policy = undefined;
        return { ResourceArn: backup.arn, ...described(policy) };
      },
    },
  };
}

function put(input: Document, state: CloudHsmState, call: Call): Document {
  const backup = backupOf(input, state, call, 'READY');
  if (input.Policy === undefined) throw invalidRequest('Policy is missing');
  checkPolicy(input.Policy, backup);
  backup.policy = input.Policy;
  return { ResourceArn: backup.arn, Policy: input.Policy };
}

function described(policy: string | undefined): Document {
  return policy === undefined ? {} : { Policy: policy };
}

function idOf({ ResourceArn }: Document): string {
  if (ResourceArn === undefined) throw invalidRequest('ResourceArn is missing');
  return ResourceArn.split('/').at(-1);
}

function backupOf(input: Document, state: CloudHsmState, call: Call, needed?: Backup['state']): Backup {
  const id = idOf(input);
  if (!id.startsWith('backup-')) {
    throw invalidRequest(`'${input.ResourceArn}' is not a backup; only backups have resource policies`);
  }
  if (input.ResourceArn !== arnOf(call, 'backup', id)) throw notFound('backup', input.ResourceArn);
  return existingBackup(state, id, needed);
}

function checkPolicy(text: string, backup: Backup): void {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalidRequest('Policy is not JSON');
  }
  const all = typeof document === 'object' && document !== null ? statements(document) : [];
  if (all.length === 0) throw invalidRequest('Policy has no Statement');
  for (const statement of all) checkStatement(statement, backup);
}

function checkStatement(statement: PolicyStatement, backup: Backup): void {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw invalidRequest(`Effect '${statement.Effect}' is neither Allow nor Deny`);
  }
  if (statement.Principal === undefined) throw invalidRequest('a statement of Policy has no Principal');
  const actions = listOf<string>(statement.Action);
  const wrong = actions.find((action) => !SHAREABLE.includes(action));
  if (actions.length === 0 || wrong !== undefined) {
    throw invalidRequest(`Action '${wrong ?? ''}' cannot be shared; use ${SHAREABLE.join(' or ')}`);
  }
  const foreign = listOf<string>(statement.Resource).find((resource) => resource !== '*' && resource !== backup.arn);
  if (foreign !== undefined) throw invalidRequest(`Resource '${foreign}' is not ${backup.arn}`);
}
