import { Token } from 'aws-cdk-lib';
import type { DimensionGroup } from './dimension-groups';

/** What a `Metric` asks for. */
export type Question =
  | { readonly kind: 'load'; readonly perVcpu: boolean }
  | { readonly kind: 'counter'; readonly name: string; readonly statistic: string }
  | {
      readonly kind: 'slice';
      readonly group: DimensionGroup;
      readonly dimension: string;
      readonly value: string;
      readonly publishedAs: string;
      readonly perVcpu: boolean;
    }
  | { readonly kind: 'share'; readonly group: DimensionGroup }
  | { readonly kind: 'breakdown'; readonly group: DimensionGroup; readonly limit: number };

/** The question whose answer is one series, so that an alarm can be set on it. */
export type SingleQuestion = Exclude<Question, { kind: 'breakdown' }>;

export const LOAD = 'db.load.avg';
export const VCPUS = 'os.general.numVCPUs';

/** A question in the input of a schedule, as the poller reads it (`poll-request.runtime.ts`). */
export interface PolledQuestion {
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly metric: string;
  readonly group?: string;
  readonly dimension?: string;
  readonly value?: string;
  readonly share?: boolean;
  readonly perVcpu?: boolean;
}

/** How a question is polled, and under which name its answers are published. */
export function polled(question: SingleQuestion): PolledQuestion {
  switch (question.kind) {
    case 'load':
      return { metricName: loadName(question.perVcpu), unit: 'None', metric: LOAD, ...perVcpu(question.perVcpu) };
    case 'counter': {
      const metric = `${question.name}.${question.statistic}`;
      return { metricName: metric, unit: unitOf(question.name), metric };
    }
    case 'slice': {
      const { group, dimension, value, publishedAs } = question;
      return {
        metricName: loadName(question.perVcpu),
        dimensions: { [dimension]: publishedAs },
        unit: 'None',
        metric: LOAD,
        group: group.name,
        dimension,
        value,
        ...perVcpu(question.perVcpu),
      };
    }
    case 'share': {
      const { name, dimensions } = question.group;
      return {
        metricName: 'TopShare',
        dimensions: { Group: name },
        unit: 'Percent',
        metric: LOAD,
        group: name,
        dimension: dimensions[0],
        share: true,
      };
    }
  }
}

function perVcpu(divided: boolean): { perVcpu?: boolean } {
  return divided ? { perVcpu: true } : {};
}

function loadName(divided: boolean): string {
  return divided ? 'DBLoadPerVCPU' : 'DBLoad';
}

function unitOf(counter: string): string {
  return counter.startsWith('os.cpuUtilization.') ? 'Percent' : 'None';
}

/** Counters that must exist for a question to be answered. */
export function countersOf(question: Question): string[] {
  if (question.kind === 'counter') return LOAD_COUNTER.test(question.name) ? [] : [question.name];
  return 'perVcpu' in question && question.perVcpu ? [VCPUS] : [];
}

/** Always there, and not in the list of counters. */
const LOAD_COUNTER = /^db\.(sampled)?load$/;

/** The dimension group that must exist for a question to be answered. */
export function groupOf(question: Question): DimensionGroup | undefined {
  return 'group' in question ? question.group : undefined;
}

/** What a graph calls the answers. */
export function labelOf(question: SingleQuestion): string {
  switch (question.kind) {
    case 'load':
      return question.perVcpu ? 'Load per vCPU' : 'Load';
    case 'counter':
      return `${question.name}.${question.statistic}`;
    case 'slice':
      return `${Token.isUnresolved(question.publishedAs) ? question.dimension : question.publishedAs}${question.perVcpu ? ' per vCPU' : ''}`;
    case 'share':
      return `Share of the top ${question.group.name}`;
  }
}
