import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { PeriodAnswers } from './poll-queries.runtime';
import type { PolledQuestion, PolledSource } from './poll-request.runtime';

/** The metric that tells, for each period, that it was published: 1 where it had data, and 0 for a gap. */
export const HEARTBEAT = 'Heartbeat';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_DATA = 1000;
/** Below the limit of 1 MB by what the request has around its data. */
const MAX_BYTES = 900_000;

/** All that is published of one period: the points, and the heartbeat at the end. */
export interface PeriodData {
  readonly period: number;
  readonly data: readonly MetricDatum[];
}

/** One request. */
export interface Batch {
  /** The periods that are published once this request has succeeded. */
  readonly completes: readonly number[];
  readonly data: readonly MetricDatum[];
}

export function dataOf(
  source: PolledSource,
  questions: readonly PolledQuestion[],
  period: number,
  answers: PeriodAnswers,
): PeriodData {
  const points = answers.hasData
    ? questions.flatMap((question): MetricDatum[] => {
        const value = answers.answerOf(question);
        const { metricName, dimensions, unit } = question;
        return value === undefined
          ? []
          : [datum(metricName, { ...source.dimensions, ...dimensions }, period, value, unit)];
      })
    : [];
  const heartbeat = datum(HEARTBEAT, source.dimensions, period, answers.hasData ? 1 : 0, 'None');
  return { period, data: [...points, heartbeat] };
}

export function dimensionsOf(dimensions: Readonly<Record<string, string>>): Array<{ Name: string; Value: string }> {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function datum(
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
  period: number,
  Value: number,
  Unit: MetricDatum['Unit'],
): MetricDatum {
  return { MetricName, Dimensions: dimensionsOf(dimensions), Timestamp: new Date(period), Value, Unit };
}

/**
 * Puts whole periods together into requests, which CloudWatch takes in whole or not at all. A period that is larger than
 * a request (more than 999 questions) takes several, with the heartbeat in the last one: if that fails after the first
 * has succeeded, the period counts as missing, and the points of the first are published a second time.
 */
export function batchesOf(periods: readonly PeriodData[]): Batch[] {
  const batches: Array<{ completes: number[]; data: MetricDatum[] }> = [];
  let bytes = 0;
  for (const { period, data } of periods) {
    const size = sizeOf(data);
    let last = batches.at(-1);
    if (last === undefined || last.data.length + data.length > MAX_DATA || bytes + size > MAX_BYTES) {
      const parts = split(data).map((part) => ({ completes: [], data: part }));
      batches.push(...parts);
      last = batches.at(-1)!;
      bytes = sizeOf(last.data);
    } else {
      last.data.push(...data);
      bytes += size;
    }
    last.completes.push(period);
  }
  return batches;
}

/** Parts that each fit into a request; mostly one. */
function split(data: readonly MetricDatum[]): MetricDatum[][] {
  const parts: MetricDatum[][] = [[]];
  let bytes = 0;
  for (const item of data) {
    const size = sizeOf([item]);
    if (parts.at(-1)!.length >= MAX_DATA || bytes + size > MAX_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(item);
    bytes += size;
  }
  return parts;
}

function sizeOf(data: readonly MetricDatum[]): number {
  return Buffer.byteLength(JSON.stringify(data));
}
