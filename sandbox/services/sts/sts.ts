import type { ServiceModel } from '../../model/model';
import type { Call, Document, Operation, Service } from '../service';
import { assumeRole } from './assume-role';
import model from './model.json';
import { checkRegion, type StsOptions, type StsState } from './sts-options';

/** The Security Token Service: AssumeRole and GetCallerIdentity. It keeps no state; sessions are kept by `Credentials`. */
export class Sts implements Service<StsState> {
  readonly name = 'sts';
  readonly model = model as ServiceModel;
  readonly operations: Readonly<Record<string, Operation<StsState>>>;

  constructor(options: StsOptions) {
    this.operations = {
      AssumeRole: assumeRole(options),
      GetCallerIdentity: { permissions: () => [], handle: (_input, _state, call) => callerIdentity(options, call) },
    };
  }

  newState(): StsState {
    return {};
  }

  inventory(): readonly string[] {
    return [];
  }
}

function callerIdentity(options: StsOptions, { principal, region }: Call): Document {
  checkRegion(options, principal.accountId, region);
  return { UserId: principal.userId, Account: principal.accountId, Arn: principal.arn };
}

export type { StsOptions } from './sts-options';
