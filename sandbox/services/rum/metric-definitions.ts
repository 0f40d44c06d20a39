/**
 * The extended and custom metrics of a destination. A batch never fails for one definition: what is wrong with it comes
 * back in `Errors`, with status 200. An extended metric is answered with the namespace `AWS/RUM` also
 * when the request left it out [U], so whoever compares what is wanted with what is there must take both for the same.
 */
import type { Call, Document } from '../service';
import { notFound, quotaExceeded, validationError } from './errors';
import { definitionProblem, EXTENDED_NAMESPACE } from './metric-definition-rules';
import { destinationOf } from './metrics-destinations';
import { page } from './pages';
import { onMonitor } from './permissions';
import {
  changeableMonitor,
  existingMonitor,
  type MetricDefinition,
  type MetricsDestination,
  type RumContext,
  type RumOperations,
  type RumState,
} from './state';

/** https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_BatchCreateRumMetricDefinitions.html */
const MAX_BATCH = 200;
const MAX_DEFINITIONS = 2000;

export function metricDefinitionOperations(context: RumContext): RumOperations {
  const permissions = (action: string) => (input: Document, call: Call, state: RumState) => [
    onMonitor(action, input.AppMonitorName, call, state),
  ];
  return {
    BatchCreateRumMetricDefinitions: {
      permissions: permissions('BatchCreateRumMetricDefinitions'),
      handle: (input, state, call) => createBatch(input, state, call, context),
    },
    BatchGetRumMetricDefinitions: { permissions: permissions('BatchGetRumMetricDefinitions'), handle: getBatch },
    BatchDeleteRumMetricDefinitions: {
      permissions: permissions('BatchDeleteRumMetricDefinitions'),
      handle: deleteBatch,
    },
    UpdateRumMetricDefinition: { permissions: permissions('UpdateRumMetricDefinition'), handle: update },
  };
}

function createBatch(input: Document, state: RumState, call: Call, context: RumContext): Document {
  const destination = destinationOf(changeableMonitor(state, input.AppMonitorName), input);
  const requested: readonly MetricDefinition[] = input.MetricDefinitions;
  checkBatch(requested, 'MetricDefinitions');
  if (destination.definitions.size + requested.length > MAX_DEFINITIONS) {
    throw quotaExceeded(`A destination can have ${MAX_DEFINITIONS} metric definitions`);
  }
  const created: Document[] = [];
  const errors: Document[] = [];
  for (const definition of requested) {
    const problem = refusal(definition, destination, context);
    if (problem !== undefined) {
      errors.push({ MetricDefinition: definition, ...problem });
      continue;
    }
    const id = call.world.random.uuid();
    destination.definitions.set(id, completed(definition));
    created.push(describe(id, completed(definition)));
  }
  if (created.length > 0) destination.changedAt = call.world.clock.now();
  return { Errors: errors, MetricDefinitions: created };
}

function getBatch(input: Document, state: RumState): Document {
  const destination = destinationOf(existingMonitor(state, input.AppMonitorName), input);
  const definitions = [...destination.definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  const { items, nextToken } = page(definitions, ([id]) => id, input);
  const described = items.map(([id, definition]) => describe(id, definition));
  return { MetricDefinitions: described, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

function deleteBatch(input: Document, state: RumState, call: Call): Document {
  const destination = destinationOf(changeableMonitor(state, input.AppMonitorName), input);
  const ids: readonly string[] = input.MetricDefinitionIds;
  checkBatch(ids, 'MetricDefinitionIds');
  const deleted = ids.filter((id) => destination.definitions.delete(id));
  const unknown = ids.filter((id) => !deleted.includes(id));
  if (deleted.length > 0) destination.changedAt = call.world.clock.now();
  return {
    Errors: unknown.map((id) => ({
      MetricDefinitionId: id,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `MetricDefinition ${id} does not exist`,
    })),
    MetricDefinitionIds: deleted,
  };
}

/** Replaces the definition as a whole. */
function update(input: Document, state: RumState, call: Call): Document {
  const destination = destinationOf(changeableMonitor(state, input.AppMonitorName), input);
  if (!destination.definitions.has(input.MetricDefinitionId)) {
    throw notFound('MetricDefinition', input.MetricDefinitionId);
  }
  const problem = definitionProblem(input.MetricDefinition);
  if (problem !== undefined) throw validationError(problem);
  destination.definitions.set(input.MetricDefinitionId, completed(input.MetricDefinition));
  destination.changedAt = call.world.clock.now();
  return {};
}

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function refusal(definition: MetricDefinition, at: MetricsDestination, { settings }: RumContext): Refusal | undefined {
  const problem = definitionProblem(definition);
  if (problem !== undefined) return { ErrorCode: 'ValidationException', ErrorMessage: problem };
  if (settings.duplicateDefinitions === 'accept') return undefined;
  const wanted = JSON.stringify(ordered(completed(definition)));
  const taken = [...at.definitions.values()].some((present) => JSON.stringify(ordered(present)) === wanted);
  const message = `An equal definition of metric ${definition.Name} exists`;
  return taken ? { ErrorCode: 'ConflictException', ErrorMessage: message } : undefined;
}

function ordered(definition: MetricDefinition): unknown {
  const { DimensionKeys: dimensions = {}, ...rest } = definition;
  return [Object.entries(rest).sort(), Object.entries(dimensions).sort()];
}

function checkBatch(items: readonly unknown[], member: string): void {
  if (items.length > MAX_BATCH) {
    throw validationError(`${member} has ${items.length} entries; at most ${MAX_BATCH} are allowed in one operation`);
  }
}

function completed(definition: MetricDefinition): MetricDefinition {
  return { ...definition, Namespace: definition.Namespace ?? EXTENDED_NAMESPACE };
}

function describe(id: string, definition: MetricDefinition): Document {
  return { MetricDefinitionId: id, ...definition };
}
