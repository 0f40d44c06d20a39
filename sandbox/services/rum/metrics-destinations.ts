/**
 * Where a monitor sends its extended and custom metrics: to CloudWatch (one destination a monitor) or to an Evidently
 * experiment (one destination for each ARN, with a role that RUM assumes). Putting a destination that is there changes
 * its role. How long and why a deletion answers Conflict is not known: see the options `destinationBusySeconds` and
 * `destinationWithDefinitions`. The destination of a deleted monitor goes with it.
 */
import type { Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import { conflict, notFound, validationError } from './errors';
import { page } from './pages';
import { onMonitor, passRole } from './permissions';
import {
  type AppMonitor,
  changeableMonitor,
  existingMonitor,
  type MetricsDestination,
  type RumContext,
  type RumOperations,
  type RumState,
} from './state';

export function metricsDestinationOperations(context: RumContext): RumOperations {
  return {
    PutRumMetricsDestination: {
      permissions: (input, call, state) => putPermissions(input, call, state, context),
      handle: put,
    },
    ListRumMetricsDestinations: {
      permissions: (input, call, state) => [onMonitor('ListRumMetricsDestinations', input.AppMonitorName, call, state)],
      handle: list,
    },
    DeleteRumMetricsDestination: {
      permissions: (input, call, state) => [
        onMonitor('DeleteRumMetricsDestination', input.AppMonitorName, call, state),
      ],
      handle: (input, state, call) => remove(input, state, call, context),
    },
  };
}

/** The destination that a request names with `Destination` and `DestinationArn`. */
export function destinationOf(monitor: AppMonitor, input: Document): MetricsDestination {
  checkArn(input);
  const destination = monitor.destinations.get(keyOf(input));
  if (destination === undefined) throw notFound('MetricsDestination', keyOf(input));
  return destination;
}

function putPermissions(input: Document, call: Call, state: RumState, context: RumContext): Permission[] {
  const put = onMonitor('PutRumMetricsDestination', input.AppMonitorName, call, state);
  return input.IamRoleArn === undefined ? [put] : [put, passRole(input.IamRoleArn, context)];
}

function put(input: Document, state: RumState, call: Call): Document {
  const monitor = changeableMonitor(state, input.AppMonitorName);
  checkArn(input);
  if (input.Destination === 'Evidently' && input.IamRoleArn === undefined) {
    throw validationError('IamRoleArn is required when Destination is Evidently');
  }
  if (input.Destination === 'CloudWatch' && input.IamRoleArn !== undefined) {
    throw validationError('IamRoleArn must not be given when Destination is CloudWatch');
  }
  const changedAt = call.world.clock.now();
  const present = monitor.destinations.get(keyOf(input));
  if (present === undefined) {
    monitor.destinations.set(keyOf(input), {
      type: input.Destination,
      arn: input.DestinationArn,
      roleArn: input.IamRoleArn,
      definitions: new Map(),
      changedAt,
    });
  } else {
    Object.assign(present, { roleArn: input.IamRoleArn, changedAt });
  }
  return {};
}

function list(input: Document, state: RumState): Document {
  const monitor = existingMonitor(state, input.AppMonitorName);
  const destinations = [...monitor.destinations].sort(([a], [b]) => (a < b ? -1 : 1));
  const { items, nextToken } = page(destinations, ([key]) => key, input);
  const summaries = items.map(([, destination]) => summarize(destination));
  return { Destinations: summaries, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

function remove(input: Document, state: RumState, call: Call, { settings }: RumContext): Document {
  const monitor = changeableMonitor(state, input.AppMonitorName);
  const destination = destinationOf(monitor, input);
  if (settings.destinationWithDefinitions === 'conflict' && destination.definitions.size > 0) {
    throw conflict('MetricsDestination', keyOf(input), `has ${destination.definitions.size} metric definitions`);
  }
  if (call.world.clock.now() < destination.changedAt + settings.destinationBusySeconds * 1000) {
    throw conflict('MetricsDestination', keyOf(input), 'is being changed');
  }
  monitor.destinations.delete(keyOf(input));
  return {};
}

function summarize({ type, arn, roleArn }: MetricsDestination): Document {
  return {
    Destination: type,
    ...(arn === undefined ? {} : { DestinationArn: arn }),
    ...(roleArn === undefined ? {} : { IamRoleArn: roleArn }),
  };
}

function checkArn(input: Document): void {
  if (input.Destination === 'Evidently' && input.DestinationArn === undefined) {
    throw validationError('DestinationArn is required when Destination is Evidently');
  }
  if (input.Destination === 'CloudWatch' && input.DestinationArn !== undefined) {
    throw validationError('DestinationArn must not be given when Destination is CloudWatch');
  }
}

function keyOf(input: Document): string {
  return input.DestinationArn ?? input.Destination;
}
