import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmOptions } from './alarm-options';
import type { DataSource } from './data-source';
import type { SingleQuestion } from './question';

const IS: Readonly<Record<ComparisonOperator, string>> = {
  [ComparisonOperator.GREATER_THAN_THRESHOLD]: 'above',
  [ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD]: 'at or above',
  [ComparisonOperator.LESS_THAN_THRESHOLD]: 'below',
  [ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD]: 'at or below',
  [ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD]: 'above',
  [ComparisonOperator.LESS_THAN_LOWER_THRESHOLD]: 'below',
  [ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD]: 'outside',
};

/** CloudWatch's limit. */
const MAX_LENGTH = 1024;

/** What is wrong, and what to look at. */
export function describe(
  source: DataSource,
  question: SingleQuestion,
  comparison: ComparisonOperator,
  { threshold, anomaly }: AlarmOptions,
): string {
  const { subject, unit, advice } = wordsFor(question);
  const bound = anomaly === undefined ? `${threshold}${unit}` : 'what is expected';
  return `${subject} on ${source._name}: ${IS[comparison]} ${bound}. ${advice}`.slice(0, MAX_LENGTH);
}

interface Words {
  readonly subject: string;
  readonly unit: string;
  readonly advice: string;
}

const SESSIONS = ' average active sessions';
const PER_VCPU = ' average active sessions for each vCPU';

function wordsFor(question: SingleQuestion): Words {
  switch (question.kind) {
    case 'load':
      return {
        subject: 'Database load',
        unit: question.perVcpu ? PER_VCPU : SESSIONS,
        advice:
          'Look at the load by wait events in Database Insights: CPU means too little of it, others name what sessions wait for.',
      };
    case 'counter':
      return {
        subject: `${question.name}.${question.statistic}`,
        unit: '',
        advice: 'Look at the counter beside the database load in Database Insights.',
      };
    case 'share':
      return {
        subject: `Share of the load that the top ${question.group} has`,
        unit: ' percent',
        advice: `Look at the top keys of ${question.group} in Database Insights: one of them dominates.`,
      };
    case 'slice':
      return {
        subject: `Load of ${question.dimension} "${question.publishedAs}"`,
        unit: question.perVcpu ? PER_VCPU : SESSIONS,
        advice: adviceFor(question.group.name),
      };
  }
}

function adviceFor(group: string): string {
  const look = (at: string) => `Look at ${at} in Database Insights.`;
  if (group.startsWith('db.wait')) return look('the top SQL that waits for it');
  if (/^db\.(sql|query)/.test(group)) return look('its text, its plan and what it waits for');
  if (group.startsWith('db.blocking')) return look('the sessions that it blocks');
  return look('its top SQL and what that waits for');
}
