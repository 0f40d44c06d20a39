/** States are brought up to date when somebody looks at them (see agenda.ts). */
import type { Operation, Service } from '../service';
import { purgeExpired } from './backup-lifecycle';
import type { CloudHsmOperations, CloudHsmState, Home } from './state';

/** The operations, each on a state that is up to date. */
export function kept(operations: CloudHsmOperations): CloudHsmOperations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, keptOperation(operation)]));
}

function keptOperation(operation: Operation<CloudHsmState>): Operation<CloudHsmState> {
  return {
    permissions: (input, call, state) => operation.permissions(input, call, opened(state, call)),
    // Certificates are made in real time; virtual time waits for them.
    handle: (input, state, call) =>
      call.world.clock.during(async () => operation.handle(input, opened(state, call), call)),
  };
}

/** The state of a place. */
export function stateOf(service: Service<CloudHsmState>, home: Home): CloudHsmState {
  return opened(home.world.state(service, home.accountId, home.region), home);
}

/** A state that is looked at from outside of a call; nothing has happened in one that nobody has called. */
export function settled(state: CloudHsmState): CloudHsmState {
  return state.home === undefined ? state : opened(state, state.home);
}

function opened(state: CloudHsmState, home: Home): CloudHsmState {
  state.home ??= placeOf(home);
  const now = home.world.clock.now();
  state.agenda.settle(now);
  purgeExpired(state, now);
  return state;
}

function placeOf({ world, accountId, region }: Home): Home {
  return { world, accountId, region };
}
