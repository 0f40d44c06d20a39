import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { DataSource } from './data-source';
import { chooseEngine } from './engine-choice';
import { Metric } from './metric';
import { MetricEngine } from './metric-engine';
import { labelOf, type SingleQuestion, VCPUS } from './question';

/** Properties of a graph of load. */
export interface LoadWidgetProps {
  /** The database. */
  readonly dataSource: DataSource;

  /**
   * Parts of the load, stacked upon each other: keys of one dimension, such as wait events, or all that are polled by
   * `Metric.byDimension()`. Each key that is named here is polled. What remains of the whole load is shown as "Other"
   * where all parts are single keys.
   *
   * @default - CPU and waiting, which RDS publishes itself; the whole load for the writer of a cluster and for DocumentDB
   */
  readonly parts?: Metric[];

  /**
   * Title of the graph.
   *
   * @default - the load of the database
   */
  readonly title?: string;

  /**
   * Width in a grid of 24 units.
   *
   * @default 24
   */
  readonly width?: number;

  /**
   * Height in units.
   *
   * @default 8
   */
  readonly height?: number;
}

const MINUTE = Duration.minutes(1);

/**
 * A stacked graph of the load of a database against its vCPUs. Where the number of vCPUs is not known at synthesis, it
 * is drawn from Performance Insights, on an axis of its own to the right.
 */
export class LoadWidget extends cloudwatch.GraphWidget {
  /**
   * @param scope Where in the app the graph is used: parts of the load are polled in its stack.
   * @param props What to show.
   */
  constructor(scope: Construct, props: LoadWidgetProps) {
    const { dataSource } = props;
    const vcpus = dataSource._vcpus;
    super({
      title: props.title ?? `Load of ${dataSource._name} (average active sessions)`,
      width: props.width ?? 24,
      height: props.height ?? 8,
      stacked: true,
      period: MINUTE,
      left: partsOf(scope, props),
      leftYAxis: { min: 0, label: 'Average active sessions', showUnits: false },
      ...(vcpus === undefined
        ? vcpuAxis(scope, dataSource)
        : { leftAnnotations: [{ value: vcpus, label: `${vcpus} vCPUs` }] }),
    });
  }
}

function partsOf(scope: Construct, { dataSource, parts }: LoadWidgetProps): cloudwatch.IMetric[] {
  if (parts === undefined || parts.length === 0) return wholeOf(scope, dataSource);
  const shown = parts.map((part) => dataSource.metric(scope, part, { label: labelFor(part) }));
  const single = parts.every(({ _question }) => _question.kind === 'slice');
  return single ? [...shown, restOf(dataSource.metric(scope, Metric.load()), shown)] : shown;
}

/** RDS divides the load into these two by itself. */
function wholeOf(scope: Construct, dataSource: DataSource): cloudwatch.IMetric[] {
  const load = Metric.load();
  const engine = chooseEngine(scope.node.path, dataSource, load._question, {});
  if (engine !== MetricEngine.NATIVE) return [dataSource.metric(scope, load, { label: 'Load' })];
  return Object.entries({ DBLoadCPU: 'CPU', DBLoadNonCPU: 'Waiting' }).map(
    ([metricName, label]) =>
      new cloudwatch.Metric({
        namespace: 'AWS/RDS',
        metricName,
        dimensionsMap: { DBInstanceIdentifier: dataSource.instanceIdentifier! },
        statistic: cloudwatch.Stats.AVERAGE,
        period: MINUTE,
        label,
      }),
  );
}

function restOf(total: cloudwatch.IMetric, parts: readonly cloudwatch.IMetric[]): cloudwatch.IMetric {
  const ids = parts.map((_, index) => `part${index}`);
  return new cloudwatch.MathExpression({
    expression: `total - (${ids.join(' + ')})`,
    usingMetrics: { total, ...Object.fromEntries(ids.map((id, index) => [id, parts[index]!])) },
    label: 'Other',
    period: MINUTE,
  });
}

function labelFor({ _question: question }: Metric): string | undefined {
  return question.kind === 'breakdown' ? undefined : labelOf(question as SingleQuestion);
}

/** A line in a stacked graph would be stacked, too: only a constant can be drawn on the axis of the load. */
function vcpuAxis(scope: Construct, dataSource: DataSource): Partial<cloudwatch.GraphWidgetProps> {
  const vcpus = dataSource.metric(scope, Metric.counter(VCPUS), { label: 'vCPUs (right axis)' });
  return { right: [vcpus], rightYAxis: { min: 0, label: 'vCPUs', showUnits: false } };
}
