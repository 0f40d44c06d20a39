import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmActions, AlarmNotification } from '../../../../sandbox/services/cloudwatch/alarms/actions';
import type { MetricAlarmSettings } from '../../../../sandbox/services/cloudwatch/alarms/alarm';
import type { Alarms } from '../../../../sandbox/services/cloudwatch/alarms/alarms';
import { CloudWatchService } from '../../../../sandbox/services/cloudwatch/cloudwatch-service';
import type { CloudWatchOptions } from '../../../../sandbox/services/cloudwatch/options';
import type { ComputedMetrics } from '../../../../sandbox/services/pi/computed-metrics';
import { ACCOUNT, Testbed } from '../../endpoint/testbed';

export { ACCOUNT, errorOf } from '../../endpoint/testbed';
export const REGION = 'eu-central-1';
export const PLACE = { accountId: ACCOUNT, region: REGION };
export const NAMESPACE = 'App/Load';
export const MINUTE = 60_000;
/** Virtual time begins here. */
export const START = Date.parse('2030-01-01T00:00:00Z');

export const minute = (number: number) => new Date(START + number * MINUTE);

/** An endpoint with CloudWatch, where alarms act on nothing but a list. */
export class CloudWatchBed extends Testbed {
  private static readonly open: CloudWatchBed[] = [];

  static async start(options: CloudWatchOptions = {}, computed?: ComputedMetrics): Promise<CloudWatchBed> {
    const bed = new CloudWatchBed(options, computed);
    CloudWatchBed.open.push(bed);
    await bed.endpoint.start();
    return bed;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const bed of CloudWatchBed.open.splice(0)) await bed.endpoint.stop();
  }

  readonly service: CloudWatchService;
  readonly alarms: Alarms;
  readonly published: Array<{ readonly topic: string } & AlarmNotification> = [];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into the event
  readonly invoked: Array<{ readonly arn: string; readonly event: any }> = [];

  private constructor(options: CloudWatchOptions, computed?: ComputedMetrics) {
    let service: CloudWatchService | undefined;
    super((bed) => {
      const actions: AlarmActions = {
        publish: (topic, notification) => {
          if (topic.endsWith(':gone')) throw new Error('Topic does not exist');
          (bed as CloudWatchBed).published.push({ topic, ...notification });
        },
        invoke: (arn, payload) => (bed as CloudWatchBed).invoked.push({ arn, event: JSON.parse(payload) }),
      };
      service = new CloudWatchService(options, { computed, actions });
      return [service];
    });
    this.service = service!;
    this.alarms = this.service.alarms(this.world);
  }

  admin(): CloudWatchClient {
    return new CloudWatchClient(this.client(this.credentials.forAccount(ACCOUNT)));
  }

  /** Puts without a call, at this very moment. */
  put(metricName: string, value: number, timestamp = this.clock.date(), namespace = NAMESPACE): void {
    const call = { world: this.world, ...PLACE, principal: undefined as never, requestId: 'r' };
    const state = this.world.state(this.service, ACCOUNT, REGION);
    const input = {
      Namespace: namespace,
      MetricData: [{ MetricName: metricName, Value: value, Timestamp: timestamp }],
    };
    this.service.operations.PutMetricData!.handle(input, state, call);
  }

  send(...MetricData: MetricDatum[]) {
    return this.admin().send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }));
  }

  samples(metricName: string, dimensions: Record<string, string> = {}) {
    return this.service.samples({ world: this.world, ...PLACE }, NAMESPACE, metricName, dimensions);
  }

  state(name: string): string {
    return this.alarms.get(PLACE, name).state.value;
  }

  /** To some seconds after this minute since the beginning. */
  async until(number: number, seconds = 0): Promise<void> {
    await this.clock.sleep(START + number * MINUTE + seconds * 1000 - this.clock.now());
  }
}

/** An alarm on `Load`, above 5 for a minute. */
export function loadAlarm(more: Partial<MetricAlarmSettings> = {}): MetricAlarmSettings {
  const metric = { Namespace: NAMESPACE, MetricName: 'Load', Period: 60, Statistic: 'Average' };
  return {
    AlarmName: 'load',
    ...(more.Metrics === undefined && metric),
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    ...(more.ThresholdMetricId === undefined && { Threshold: 5 }),
    ...more,
  };
}
