/**
 * The rules of PutMetricData, over the whole request: one bad datum refuses all.
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html, API_MetricDatum.html and
 * API_Dimension.html. The form "The value … for parameter … is invalid." is what others were answered
 * (https://github.com/getmoto/moto/issues/3880); the other sentences are the sandbox's.
 */
import type { Document } from '../service';
import { invalidCombination, invalidValue, missingParameter } from './errors';
import type { Dimension } from './metric-id';
import { milliseconds } from './time';

export const MAX_DATA = 1_000;
const [MAX_VALUES, MAX_DIMENSIONS] = [150, 30];
const LARGEST = 2 ** 360;
const [WEEKS_BACK_MS, HOURS_AHEAD_MS] = [14 * 24 * 3_600_000, 2 * 3_600_000];
const PRINTABLE = /^[\x20-\x7e]*$/;

export function checkNamespace(namespace: string): void {
  const refused = namespace.startsWith(':') || namespace.startsWith('AWS/') || !PRINTABLE.test(namespace);
  if (refused || namespace.length < 1 || namespace.length > 255) throw wrong(namespace, 'Namespace');
}

export function checkData(data: readonly Document[], now: number): void {
  if (data.length > MAX_DATA) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
  }
  data.forEach((datum, index) => {
    checkDatum(datum, `MetricData.member.${index + 1}`, now);
  });
}

function checkDatum(datum: Document, path: string, now: number): void {
  const { MetricName: name, StorageResolution: resolution = 60, Timestamp: timestamp } = datum;
  if (name === undefined) throw missingParameter(`The parameter ${path}.MetricName is required.`);
  checkText(name, `${path}.MetricName`, 255);
  checkDimensions(datum.Dimensions ?? [], path);
  if (resolution !== 1 && resolution !== 60) throw wrong(resolution, `${path}.StorageResolution`);
  if (timestamp !== undefined) checkTimestamp(timestamp, `${path}.Timestamp`, now);
  checkValues(datum, path);
}

function checkDimensions(dimensions: readonly Dimension[], path: string): void {
  if (dimensions.length > MAX_DIMENSIONS) {
    throw invalidValue(`The collection ${path}.Dimensions must not have a size greater than ${MAX_DIMENSIONS}.`);
  }
  dimensions.forEach(({ Name, Value }, index) => {
    const place = `${path}.Dimensions.member.${index + 1}`;
    checkText(Name, `${place}.Name`, 255);
    checkText(Value, `${place}.Value`, 1024);
    if (Name.startsWith(':')) throw wrong(Name, `${place}.Name`);
    if (dimensions.findIndex((other) => other.Name === Name) !== index) {
      throw invalidValue(`No metric has the dimension ${Name} twice: ${place}.`);
    }
  });
}

/** ASCII without control characters, and more than blanks. */
function checkText(text: string | undefined, path: string, maxLength: number): void {
  if (text === undefined) throw missingParameter(`The parameter ${path} is required.`);
  if (text.trim() === '' || text.length > maxLength || !PRINTABLE.test(text)) throw wrong(text, path);
}

function checkTimestamp(value: Date | number | string, path: string, now: number): void {
  const time = milliseconds(value);
  if (time < now - WEEKS_BACK_MS) {
    throw invalidValue(`The parameter ${path} must specify a time within the past two weeks.`);
  }
  if (time > now + HOURS_AHEAD_MS) {
    throw invalidValue(`The parameter ${path} must specify a time no more than two hours in the future.`);
  }
}

function checkValues(datum: Document, path: string): void {
  const given = ['Value', 'Values', 'StatisticValues'].filter((key) => datum[key] !== undefined);
  if (given.length === 0) {
    throw missingParameter(
      `One of the parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues is required.`,
    );
  }
  if (given.length > 1) {
    const [a, b] = given.map((key) => `${path}.${key}`);
    throw invalidCombination(`The parameters ${a} and ${b} are mutually exclusive and you have specified both.`);
  }
  if (datum.Counts !== undefined && datum.Values === undefined) {
    throw invalidCombination(`The parameter ${path}.Counts needs the parameter ${path}.Values.`);
  }
  if (datum.Value !== undefined) checkNumber(datum.Value, `${path}.Value`);
  else if (datum.Values !== undefined) checkCounted(datum, path);
  else checkStatistics(datum.StatisticValues, `${path}.StatisticValues`);
}

function checkCounted({ Values: values, Counts: counts }: Document, path: string): void {
  if (values.length === 0) throw missingParameter(`The parameter ${path}.Values needs at least one value.`);
  if (values.length > MAX_VALUES) {
    throw invalidValue(`The collection ${path}.Values must not have a size greater than ${MAX_VALUES}.`);
  }
  if (counts !== undefined && counts.length !== values.length) {
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must have the same size.`);
  }
  values.forEach((value: number, index: number) => {
    checkNumber(value, `${path}.Values.member.${index + 1}`);
  });
  counts?.forEach((count: number, index: number) => {
    checkNumber(count, `${path}.Counts.member.${index + 1}`);
    if (count <= 0) throw wrong(count, `${path}.Counts.member.${index + 1}`);
  });
}

function checkStatistics(statistics: Document, path: string): void {
  for (const key of ['SampleCount', 'Sum', 'Minimum', 'Maximum']) {
    if (statistics[key] === undefined) throw missingParameter(`The parameter ${path}.${key} is required.`);
    checkNumber(statistics[key], `${path}.${key}`);
  }
  if (statistics.SampleCount <= 0) throw wrong(statistics.SampleCount, `${path}.SampleCount`);
  if (statistics.Maximum < statistics.Minimum) throw wrong(statistics.Maximum, `${path}.Maximum`);
}

function checkNumber(value: number, path: string): void {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) throw wrong(value, path);
}

function wrong(value: unknown, path: string) {
  return invalidValue(`The value ${value} for parameter ${path} is invalid.`);
}
