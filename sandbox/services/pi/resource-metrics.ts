import type { Call, Document } from '../service';
import type { Access } from './access';
import { page } from './pages';
import { windowOf } from './periods';
import { questionOf } from './questions';
import { Readings, type Value } from './series';
import type { Sources } from './sources';

/** GetResourceMetrics. An unknown metric, group or dimension in one of the queries fails the whole call. */
export function resourceMetrics(input: Document, call: Call, sources: Sources, access: Access): Document {
  const instance = access.instance(input, call);
  const { settings } = sources;
  const now = call.world.clock.now();
  const load = sources.load(instance);
  const questions = input.MetricQueries.map((query: Document) => questionOf(query, load.family, settings.defaultLimit));
  const window = windowOf(input, now, instance.performanceInsightsRetentionDays);
  const readings = new Readings(load, window, sources.visibleUntil(now));
  const offset = input.PeriodAlignment === 'START_TIME' ? 0 : window.period;
  const timestamps = readings.starts.map((start) => new Date((start + offset) * 1000));
  const list = (questions as Array<ReturnType<typeof questionOf>>).flatMap((question) =>
    readings.series(question, settings).map(({ dimensions, values }) => ({
      Key: { Metric: question.metric, ...(dimensions !== undefined && { Dimensions: dimensions }) },
      DataPoints: timestamps.map((Timestamp, index) => pointOf(Timestamp, values[index])),
    })),
  );
  const { items: MetricList, NextToken } = page(list, input, settings.defaultPage);
  return {
    AlignedStartTime: new Date(window.start * 1000),
    AlignedEndTime: new Date(window.end * 1000),
    Identifier: input.Identifier,
    MetricList,
    ...(NextToken !== undefined && { NextToken }),
  };
}

/** A point without a value says that there is no data. */
function pointOf(Timestamp: Date, value: Value): Document {
  return value === undefined ? { Timestamp } : { Timestamp, Value: value };
}
