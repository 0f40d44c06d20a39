import type { Iam } from '../../iam/iam';
import type { ServiceModel } from '../../model/model';
import { type Call, type Operation, type Service, ServiceError } from '../service';
import { invalidInput } from './errors';
import { memberOperations } from './members';
import model from './model.json';
import { type MacieClassicOptions, settingsOf } from './options';
import { s3ResourceOperations } from './s3-resources';
import {
  type MacieClassicContext,
  type MacieClassicOperations,
  type MacieClassicState,
  newMacieClassicState,
  type PlannedFailure,
  resourceKey,
  type S3Association,
  type S3ResourceId,
} from './state';

/** Amazon Macie Classic: all operations of its API. What is modelled and what is not: README.md beside this file. */
export class MacieClassicService implements Service<MacieClassicState> {
  readonly name = 'macie';
  readonly model = model as unknown as ServiceModel;
  readonly operations: MacieClassicOperations;
  private readonly context: MacieClassicContext;
  private gone = false;

  constructor(iam: Pick<Iam, 'roleByName' | 'policiesOf'>, options: MacieClassicOptions = {}) {
    this.context = { service: this, settings: settingsOf(options), iam };
    const operations = { ...memberOperations(this.context), ...s3ResourceOperations(this.context) };
    this.operations = Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, this.guarded(operation)]),
    );
  }

  newState(): MacieClassicState {
    return newMacieClassicState(this.context.settings);
  }

  inventory(state: MacieClassicState): readonly string[] {
    const name = ({ accountId, bucketName, prefix = '' }: S3ResourceId) =>
      `macie classic s3 resource ${accountId}/${bucketName}${prefix && `/${prefix}`}`;
    return [...this.members(state).map((id) => `macie classic member ${id}`), ...this.resources(state).map(name)];
  }

  /** The member accounts of an administrator, without itself and whatever lists show. */
  members(state: MacieClassicState): readonly string[] {
    return state.members.values();
  }

  /** What an administrator has associated, of all accounts and whatever lists show. */
  resources(state: MacieClassicState): readonly S3Association[] {
    return state.resources.values();
  }

  /** Macie Classic could only be enabled and disabled in the console. */
  enable(state: MacieClassicState, enabled = true): void {
    state.enabled = enabled;
  }

  /** Somebody else adds a member account; no handshake is asked for, and lists show it at once. */
  addMember(state: MacieClassicState, accountId: string): void {
    state.members.add(accountId, accountId, LONG_AGO);
  }

  removeMember(state: MacieClassicState, accountId: string): void {
    state.members.remove(accountId, LONG_AGO);
  }

  /** Somebody else associates an S3 resource, or changes it; lists show it at once. */
  associate(state: MacieClassicState, resource: S3ResourceId & Partial<S3Association>): void {
    state.resources.add(resourceKey(resource), { oneTime: 'NONE', continuous: 'FULL', ...resource }, LONG_AGO);
  }

  disassociate(state: MacieClassicState, resource: S3ResourceId): void {
    state.resources.remove(resourceKey(resource), LONG_AGO);
  }

  /** From now on S3 resources of a bucket fail, in calls that succeed; the returned function ends that. */
  fail(state: MacieClassicState, failure: PlannedFailure): () => void {
    const planned = { ...failure };
    state.plannedFailures.push(planned);
    return () => {
      const index = state.plannedFailures.indexOf(planned);
      if (index >= 0) state.plannedFailures.splice(index, 1);
    };
  }

  /**
   * AWS takes the service's name away, in all accounts and regions: from their next invocation on, functions see
   * ENOTFOUND. What is associated stays for who looks from outside of the API.
   */
  decommission(decommissioned = true): void {
    this.gone = decommissioned;
  }

  get decommissioned(): boolean {
    return this.gone;
  }

  /** The services, by the names in signatures, whose endpoints' names do not resolve now. */
  unresolvable(): readonly string[] {
    return this.gone ? [this.model.signingName] : [];
  }

  private guarded(operation: Operation<MacieClassicState>): Operation<MacieClassicState> {
    return {
      permissions: (input, call, state) => {
        this.checkReachable();
        return operation.permissions(input, call, state);
      },
      handle: (input, state, call) => {
        if (!state.enabled) throw notEnabled(call);
        return operation.handle(input, state, call);
      },
    };
  }

  /** Clients outside of functions are told the endpoint's address and need no name: an error stands in for theirs. */
  private checkReachable(): void {
    if (!this.gone) return;
    const message =
      'the sandbox has decommissioned Macie Classic: clients in functions cannot find it, this one cannot use it';
    throw new ServiceError('UnknownEndpoint', message, 404);
  }
}

/** Before every virtual time, so that nothing lags. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** Seen by others: https://github.com/hashicorp/terraform-provider-aws/pull/5201 */
function notEnabled({ accountId }: Call): ServiceError {
  return invalidInput(`Macie is not enabled for this AWS account ${accountId}.`);
}
