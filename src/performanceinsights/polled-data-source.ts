import { Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct, type IDependable } from 'constructs';
import type { DataSource } from './data-source';
import type { Poller } from './polling';
import { type PolledQuestion, polled, type SingleQuestion } from './question';
import { NAMESPACE } from './series';

export interface PolledDataSourceProps {
  readonly poller: Poller;
  readonly source: DataSource;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, for asynchronous invocations */
const MAX_INPUT_BYTES = 256 * 1024;
/** Tokens are longer, or shorter, at deployment than they are here. */
const RESERVED_BYTES = 4096;

/** The schedule of one data source, with all that is asked about it in its input. */
export class PolledDataSource extends Construct {
  private readonly questions = new Map<string, PolledQuestion>();
  private readonly source: DataSource;
  readonly schedule: scheduler.CfnSchedule;
  /** Goes off when polling stands still; undefined where that is switched off. */
  readonly heartbeatAlarm?: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { poller, source }: PolledDataSourceProps) {
    super(scope, id);
    this.source = source;
    this.schedule = new scheduler.CfnSchedule(this, 'Schedule', {
      description: `cdk-settled: polls Performance Insights of ${source._name}`,
      scheduleExpression: 'cron(* * * * ? *)',
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: poller.function.functionArn,
        roleArn: poller.scheduleRole.roleArn,
        input: Lazy.uncachedString({ produce: () => Stack.of(this).toJsonString(this.request()) }),
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    // What it may do is settled before the first run.
    this.schedule.node.addDependency(poller.role, poller.scheduleRole);
    source._assumeRole?._dependOn(this.schedule);
    this.node.addValidation({ validate: () => this.problems() });
    const { alarm, actions } = source._heartbeat;
    if (alarm) this.heartbeatAlarm = this.makeHeartbeatAlarm(actions);
  }

  /** Adds a question; one that is asked already is asked once. */
  ask(question: SingleQuestion): void {
    const asked = polled(question);
    const stack = Stack.of(this);
    const series = JSON.stringify(stack.resolve([asked.metricName, asked.dimensions]));
    const existing = this.questions.get(series);
    const same = JSON.stringify(stack.resolve(existing)) === JSON.stringify(stack.resolve(asked));
    if (existing !== undefined && !same) {
      throw new Error(
        `${this.node.path}: publishedAs must be of one key only, got "${Object.values(asked.dimensions ?? {})}" for two of them; choose another name`,
      );
    }
    this.questions.set(series, asked);
  }

  /** Lets the alarm on the heartbeat be made when data are sure to come. */
  watchAfter(...dependencies: IDependable[]): void {
    this.heartbeatAlarm?.node.addDependency(...dependencies);
  }

  /** What the poller reads each minute (`poll-request.runtime.ts`). */
  private request(): Record<string, unknown> {
    const { source } = this;
    return {
      // Replaced by EventBridge Scheduler: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
      scheduledTime: '<aws.scheduler.scheduled-time>',
      source: { ...source._render(), dimensions: source._publishedDimensions },
      namespace: NAMESPACE,
      catchUpMinutes: source._catchUp.toMinutes(),
      questions: [...this.questions.values()],
      assumeRole: source._assumeRole?._render(this),
    };
  }

  private problems(): string[] {
    const bytes = Buffer.byteLength(JSON.stringify(Stack.of(this).resolve(this.request())));
    if (bytes <= MAX_INPUT_BYTES - RESERVED_BYTES) return [];
    return [
      `questions about a data source must fit into ${MAX_INPUT_BYTES} bytes of a schedule's input, got ${this.questions.size} of them with ${bytes} bytes; ask fewer, or divide them between stacks and give each data source dimensions of its own`,
    ];
  }

  /**
   * On the number of heartbeats, not on their value: an idle or stopped database has no data either, and that is as it
   * should be.
   */
  private makeHeartbeatAlarm(actions: readonly cloudwatch.IAlarmAction[]): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, 'HeartbeatAlarm', {
      alarmDescription: `Performance Insights of ${this.source._name} has not been polled for 10 minutes: alarms on it see nothing. Look at the log of the poller; Performance Insights may be switched off, or a permission may be missing.`,
      metric: this.source.metricHeartbeat({ statistic: cloudwatch.Stats.SAMPLE_COUNT }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 10,
      datapointsToAlarm: 10,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    if (actions.length > 0) {
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
    }
    alarm.node.addDependency(this.schedule);
    return alarm;
  }
}
