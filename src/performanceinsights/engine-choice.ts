import { Validation } from '../core/validation';
import type { DataSource } from './data-source';
import { MetricEngine } from './metric-engine';
import type { Question, SingleQuestion } from './question';
import { ServiceType } from './service-type';

/** What the answers are for. */
export interface EngineChoice {
  readonly forced?: MetricEngine;
  /** Whether a band of expected values is to be learnt from the series. */
  readonly anomaly?: boolean;
}

/** The engine for a question, or an error that says why it cannot be answered as wished. */
export function chooseEngine(path: string, source: DataSource, question: Question, choice: EngineChoice): MetricEngine {
  requireSingle(path, question);
  requireGroup(path, source, question);
  const engines = choice.forced === undefined ? Object.values(MetricEngine) : [choice.forced];
  const found = engines.find((engine) => obstacle(engine, source, question, choice) === undefined);
  if (found !== undefined) return found;
  // The poller answers everything: only a forced engine can be at a loss.
  const forced = engines[0]!;
  throw new Error(
    `${path}: engine must be able to answer the question, got "${forced}": ${obstacle(forced, source, question, choice)}; leave engine out, or use MetricEngine.${MetricEngine.POLLER}`,
  );
}

function requireSingle(path: string, question: Question): asserts question is SingleQuestion {
  if (question.kind !== 'breakdown') return;
  throw new Error(
    `${path}: metric must be one series, got all keys of ${question.group}; ask for one key with Metric.dimension(), or for Metric.topShare()`,
  );
}

/** A group that the engine of the database does not have would fail the whole call, and with it all other questions. */
export function requireGroup(path: string, source: DataSource, question: Question): void {
  const group = 'group' in question ? question.group : undefined;
  const missing = group?._missingOn(source.serviceType, source.engine);
  const name = source.engine?.name ?? source.serviceType;
  new Validation(path)
    .require(
      missing === undefined,
      `metric asks for the group ${group}, which ${name} does not have: ${missing}; choose another group`,
    )
    .throwIfInvalid();
}

/** Why an engine cannot answer a question; undefined where it can. */
function obstacle(
  engine: MetricEngine,
  source: DataSource,
  question: SingleQuestion,
  choice: EngineChoice,
): string | undefined {
  switch (engine) {
    case MetricEngine.NATIVE:
      return nativeObstacle(source, question) ?? placeObstacle(source);
    case MetricEngine.METRIC_MATH:
      return mathObstacle(source, question, choice) ?? placeObstacle(source);
    case MetricEngine.POLLER:
      return undefined;
  }
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Cloudwatch.html */
function nativeObstacle(source: DataSource, question: SingleQuestion): string | undefined {
  if (question.kind !== 'load') return 'RDS publishes the load of the whole database only, not counters or parts of it';
  if (source.serviceType === ServiceType.DOCDB) return 'the metrics of RDS do not cover DocumentDB';
  return source.clusterIdentifier === undefined ? undefined : 'its metrics do not follow the writer of a cluster';
}

function mathObstacle(source: DataSource, question: SingleQuestion, { anomaly }: EngineChoice): string | undefined {
  if (anomaly) return 'CloudWatch learns no band of expected values over DB_PERF_INSIGHTS';
  if (question.kind !== 'load' && question.kind !== 'counter') {
    return 'DB_PERF_INSIGHTS knows counters and the whole load, but no dimensions';
  }
  if (source.clusterIdentifier !== undefined) {
    return 'DB_PERF_INSIGHTS takes one literal resource id, and the writer of a cluster changes';
  }
  return source.resourceId === undefined
    ? 'DB_PERF_INSIGHTS takes the resource id, which is not known at deployment (DataSource.fromResourceId() takes it)'
    : undefined;
}

function placeObstacle(source: DataSource): string | undefined {
  return source._assumeRole === undefined
    ? undefined
    : 'the database is asked with a role of another account or region, where alarms of this one see no metrics';
}
