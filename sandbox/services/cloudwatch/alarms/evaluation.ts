import { Evaluation, type EvaluationTools } from '../math/evaluation';
import { Queries } from '../math/queries';
import type { Values } from '../math/values';
import { MINUTE_MS } from '../minutes';
import { type Grid, timestampsOf } from '../reading';
import { type MetricAlarmSettings, queriesOf, watched } from './alarm';
import type { Threshold } from './comparison';
import { breaches, type Datapoint, type Evaluated } from './reason';
import { type Mark, verdict } from './verdict';

/**
 * Looks at an alarm's metric as it is now. The newest period ends with the last whole minute, whatever its length, and
 * some periods more than the alarm's own are read.
 */
export function evaluate(settings: MetricAlarmSettings, tools: EvaluationTools, extraDatapoints: number): Evaluated {
  const { now } = tools.reader;
  const queries = queriesIn(settings);
  const { Id, MetricStat } = watched(settings);
  const periodSeconds = queries.period(Id);
  const length = settings.EvaluationPeriods + extraDatapoints;
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const grid = { from: end - length * periodSeconds * 1000, periodSeconds, length };
  const datapoints = read(settings, new Evaluation(queries, grid, tools), grid, Id);
  const marks = datapoints.map((datapoint) => mark(settings, datapoint));
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm, TreatMissingData = 'missing' } = settings;
  const rule = {
    evaluationPeriods,
    datapointsToAlarm: DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: TreatMissingData,
  };
  return { now, periodSeconds, stat: MetricStat?.Stat, datapoints, verdict: verdict(marks, rule) };
}

/** Those of an alarm stay the same until its settings are others. */
function queriesIn(settings: MetricAlarmSettings): Queries {
  const known = QUERIES.get(settings) ?? new Queries(queriesOf(settings));
  QUERIES.set(settings, known);
  return known;
}

const QUERIES = new WeakMap<MetricAlarmSettings, Queries>();

function read(settings: MetricAlarmSettings, evaluation: Evaluation, grid: Grid, id: string): Datapoint[] {
  const value = evaluation.value(id);
  // Whatever else it could be is refused when the alarm is made.
  const values = value.kind === 'series' ? value.values : [];
  const thresholds = thresholdsOf(settings, evaluation);
  return timestampsOf(grid).map((timestamp, index) => ({
    timestamp,
    value: values[index],
    threshold: thresholds(index),
  }));
}

function thresholdsOf({ Threshold: fixed, ThresholdMetricId: band }: MetricAlarmSettings, evaluation: Evaluation) {
  if (band === undefined) return (): Threshold => ({ upper: fixed!, lower: fixed! });
  const value = evaluation.value(band);
  const [upper = [], lower = []]: readonly Values[] = value.kind === 'array' ? value.series : [];
  return (index: number): Threshold | undefined => {
    const bounds = { upper: upper[index], lower: lower[index] };
    return bounds.upper === undefined || bounds.lower === undefined ? undefined : (bounds as Threshold);
  };
}

/** Where there is no band yet, a value can be compared with nothing. */
function mark(settings: MetricAlarmSettings, { value, threshold }: Datapoint): Mark {
  if (value === undefined || threshold === undefined) return 'missing';
  return breaches(settings, value, threshold) ? 'breaching' : 'ok';
}
