import type { ServiceModel } from '../../model/model';
import type { Call, Document, Operation, Service } from '../service';
import { assumeRole } from './assume-role';
import { assumeRoleWithSaml } from './assume-role-with-saml';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity';
import { decodeAuthorizationMessage } from './decode-authorization-message';
import { getFederationToken } from './get-federation-token';
import { getSessionToken } from './get-session-token';
import model from './model.json';
import { checkCallingRegion } from './regions';
import type { StsOptions, StsState } from './sts-options';

/** The Security Token Service. It keeps no state; sessions are kept by `Credentials`. */
export class Sts implements Service<StsState> {
  readonly name = 'sts';
  readonly model = model as ServiceModel;
  readonly operations: Readonly<Record<string, Operation<StsState>>>;

  constructor(options: StsOptions) {
    this.operations = {
      AssumeRole: assumeRole(options),
      AssumeRoleWithSAML: assumeRoleWithSaml(options),
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity(options),
      DecodeAuthorizationMessage: decodeAuthorizationMessage(options),
      GetCallerIdentity: { permissions: () => [], handle: (_input, _state, call) => callerIdentity(options, call) },
      GetFederationToken: getFederationToken(options),
      GetSessionToken: getSessionToken(options),
    };
  }

  newState(): StsState {
    return {};
  }

  inventory(): readonly string[] {
    return [];
  }
}

function callerIdentity(options: StsOptions, call: Call): Document {
  checkCallingRegion(options, call);
  const { principal } = call;
  return { UserId: principal.userId, Account: principal.accountId, Arn: principal.arn };
}

export type { StsBehaviour, StsOptions } from './sts-options';
