/** The backup that CreateCluster is to restore: by id in the account and region of the call, or by ARN. */
import type { PolicyDocument } from '../../iam/principal';
import type { Call } from '../service';
import { invalidRequest } from './errors';
import { arnOf, type Backup, type CloudHsmContext, existingBackup, type Home } from './state';
import { stateOf } from './upkeep';

export interface RestoreSource {
  readonly arn: string;
  readonly backup?: Backup;
  /** Without statements where the backup has none. */
  readonly policy: PolicyDocument;
}

export function sourceOf(reference: string, call: Call, context: CloudHsmContext): RestoreSource {
  const { home, id } = parse(reference, call);
  const backup = stateOf(context.service, home).backups.get(id);
  const policy: PolicyDocument = backup?.policy === undefined ? { Statement: [] } : JSON.parse(backup.policy);
  return { arn: arnOf(home, 'backup', id), backup, policy };
}

export function readySource(reference: string, call: Call, context: CloudHsmContext): Backup {
  const { home, id } = parse(reference, call);
  if (home.region !== call.region) {
    throw invalidRequest(`backup '${id}' is in ${home.region}; copy it to ${call.region} to restore it here`);
  }
  return existingBackup(stateOf(context.service, home), id, 'READY');
}

function parse(reference: string, call: Call): { readonly home: Home; readonly id: string } {
  const [, , , region, accountId, resource] = reference.split(':');
  if (region === undefined || accountId === undefined || resource === undefined) return { home: call, id: reference };
  return { home: { world: call.world, accountId, region }, id: resource.replace(/^backup\//, '') };
}
