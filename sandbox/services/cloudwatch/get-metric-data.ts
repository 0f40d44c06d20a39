import { createHash } from 'node:crypto';
import type { Document } from '../service';
import { invalid, invalidToken } from './errors';
import { Evaluation, type EvaluationTools } from './math/evaluation';
import { type MetricDataQuery, Queries } from './math/queries';
import type { Values } from './math/values';
import { type Grid, timestampsOf } from './reading';
import { milliseconds, roundedStart } from './time';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const [MAX_QUERIES, MAX_DATAPOINTS] = [500, 100_800];

/** Metrics and expressions, in pages of so many data points. */
export function getMetricData(input: Document, tools: EvaluationTools): Document {
  const asked = input.MetricDataQueries as readonly MetricDataQuery[];
  if (asked.length > MAX_QUERIES)
    throw invalid(`At most ${MAX_QUERIES} MetricDataQueries are allowed, got ${asked.length}`);
  const queries = new Queries(asked);
  const results = asked
    .filter(({ ReturnData = true }) => ReturnData)
    .flatMap((query) => resultsOf(query, queries, input, tools));
  return page(results, input);
}

interface Result {
  readonly id: string;
  readonly label: string;
  readonly points: ReadonlyArray<{ readonly timestamp: number; readonly value: number }>;
}

function resultsOf(query: MetricDataQuery, queries: Queries, input: Document, tools: EvaluationTools): Result[] {
  const { Id: id, Label, MetricStat: metricStat } = query;
  const grid = gridOf(input, queries.period(id), tools.reader.now);
  const value = new Evaluation(queries, grid, tools).value(id);
  if (value.kind === 'scalar') throw invalid(`Error in expression '${id}': the final result must be a time series`);
  const label = Label ?? metricStat?.Metric.MetricName ?? id;
  const all: readonly Values[] = value.kind === 'series' ? [value.values] : value.series;
  return all.map((values) => ({ id, label, points: pointsOf(values, grid, input.ScanBy) }));
}

function gridOf({ StartTime, EndTime }: Document, periodSeconds: number, now: number): Grid {
  const from = roundedStart(milliseconds(StartTime), now);
  const end = milliseconds(EndTime);
  if (from >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  return { from, periodSeconds, length: Math.ceil((end - from) / (periodSeconds * 1000)) };
}

function pointsOf(values: Values, grid: Grid, scanBy = 'TimestampDescending'): Result['points'] {
  const timestamps = timestampsOf(grid);
  const points = values.flatMap((value, index) =>
    value === undefined ? [] : [{ timestamp: timestamps[index]!, value }],
  );
  return scanBy === 'TimestampDescending' ? points.reverse() : points;
}

/** One result after the other. A result that goes on in the next page has the status PartialData. */
function page(results: readonly Result[], input: Document): Document {
  const size = input.MaxDatapoints ?? MAX_DATAPOINTS;
  const binding = bindingOf(input);
  const start = input.NextToken === undefined ? 0 : parseToken(input.NextToken, binding);
  const total = results.reduce((sum, { points }) => sum + points.length, 0);
  let passed = 0;
  const MetricDataResults = results.flatMap(({ id, label, points }) => {
    const first = Math.max(0, start - passed);
    const last = Math.min(points.length, start + size - passed);
    passed += points.length;
    // An empty result stands on the first page.
    if (first >= last && !(points.length === 0 && start === 0)) return [];
    const shown = points.slice(first, last);
    return [
      {
        Id: id,
        Label: label,
        Timestamps: shown.map(({ timestamp }) => new Date(timestamp)),
        Values: shown.map(({ value }) => value),
        StatusCode: last < points.length ? 'PartialData' : 'Complete',
      },
    ];
  });
  const more = start + size < total;
  return { MetricDataResults, ...(more && { NextToken: makeToken(start + size, binding) }) };
}

/** A token is good for the request that it came from. */
function bindingOf({ NextToken, MaxDatapoints, ...request }: Document): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 16);
}

function makeToken(start: number, binding: string): string {
  return Buffer.from(`${binding}/${start}`).toString('base64url');
}

function parseToken(token: string, binding: string): number {
  const [bound, start] = Buffer.from(token, 'base64url').toString().split('/');
  if (bound !== binding || !/^\d+$/.test(start ?? '')) throw invalidToken(`The next token ${token} is invalid.`);
  return Number(start);
}
