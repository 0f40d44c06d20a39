import type { ComputedMetrics } from '../pi/computed-metrics';
import type { Call, Document, Service, World } from '../service';
import type { AlarmActions } from './alarms/actions';
import { AlarmClock } from './alarms/alarm-clock';
import { Alarms } from './alarms/alarms';
import { Transitions } from './alarms/transitions';
import { describeAlarmHistory, describeAlarms } from './describe-alarms';
import { getMetricData } from './get-metric-data';
import { getMetricStatistics } from './get-metric-statistics';
import { listMetrics } from './list-metrics';
import { AnomalyBands } from './math/anomaly-bands';
import type { Dimensions } from './metric-id';
import { MetricStore } from './metric-store';
import type { MinuteSample } from './minutes';
import { model } from './model';
import { type CloudWatchOptions, type CloudWatchSettings, settingsOf } from './options';
import { putMetricData } from './put-metric-data';
import { type Place, Reader } from './reading';
import type { CloudWatchOperations, CloudWatchState } from './state';
import { Visuals } from './visuals';

export interface CloudWatchPlugs {
  /** The metrics that AWS publishes itself. @default - there are none */
  readonly computed?: ComputedMetrics;
  /** What alarms do to other services. @default - nothing */
  readonly actions?: AlarmActions;
}

/** Amazon CloudWatch: metrics and alarms. README.md beside this file says what is modelled and from where. */
export class CloudWatchService implements Service<CloudWatchState> {
  readonly name = 'cloudwatch';
  readonly model = model;
  readonly operations: CloudWatchOperations;
  private readonly settings: CloudWatchSettings;

  constructor(
    options: CloudWatchOptions = {},
    private readonly plugs: CloudWatchPlugs = {},
  ) {
    this.settings = settingsOf(options);
    this.operations = {
      PutMetricData: putMetricData(this.settings),
      GetMetricStatistics: {
        permissions: everywhere('GetMetricStatistics'),
        handle: (input, state, call) => getMetricStatistics(input, this.reader(state, call)),
      },
      GetMetricData: {
        permissions: everywhere('GetMetricData'),
        handle: (input, state, call) => this.data(input, state, call),
      },
      ListMetrics: {
        permissions: everywhere('ListMetrics'),
        handle: (input, state, { world }) => listMetrics(input, state, world.clock.now()),
      },
      DescribeAlarms: {
        permissions: (_input, call) => [{ action: 'cloudwatch:DescribeAlarms', resource: alarmArn(call, '*') }],
        handle: describeAlarms,
      },
      DescribeAlarmHistory: {
        permissions: ({ AlarmName = '*' }, call) => [
          { action: 'cloudwatch:DescribeAlarmHistory', resource: alarmArn(call, AlarmName) },
        ],
        handle: describeAlarmHistory,
      },
    };
  }

  newState(): CloudWatchState {
    return {
      metrics: new MetricStore(),
      alarms: new Map(),
      history: [],
      bands: new AnomalyBands(this.settings.anomalyDetection),
      dashboards: new Map(),
      detectors: new Set(),
    };
  }

  /** Metrics are none: nobody can delete them, and they go by themselves. */
  inventory({ alarms, dashboards, detectors }: CloudWatchState): readonly string[] {
    return [
      ...[...alarms.keys()].map((name) => `alarm ${name}`),
      ...[...dashboards.keys()].map((name) => `dashboard ${name}`),
      ...[...detectors].map((metric) => `anomaly detector ${metric}`),
    ];
  }

  /** To make alarms without a call. There must be one of these for a world: it holds the alarms' clock. */
  alarms(world: World): Alarms {
    const { computed, actions } = this.plugs;
    const transitions = new Transitions({ world, settings: this.settings, computed, actions });
    return new Alarms(world, this, new AlarmClock(world, this.settings, transitions));
  }

  /** To make dashboards and anomaly detectors without a call. */
  visuals(world: World): Visuals {
    return new Visuals(world, this);
  }

  /** What a custom metric was told, minute by minute: tests see lost and doubled points. */
  samples(
    { world, accountId, region }: Place & { readonly world: World },
    namespace: string,
    metricName: string,
    dimensions: Dimensions = {},
  ): MinuteSample[] {
    return world.state(this, accountId, region).metrics.samples({ namespace, metricName, dimensions });
  }

  private data(input: Document, state: CloudWatchState, call: Call): Document {
    const { anomalyDetection } = this.settings;
    return getMetricData(input, { reader: this.reader(state, call), bands: state.bands, anomalyDetection });
  }

  private reader({ metrics }: CloudWatchState, { world, accountId, region }: Call): Reader {
    return new Reader({ accountId, region }, metrics, this.plugs.computed, world.clock.now());
  }
}

/** Reading metrics has no resource-level permissions. */
function everywhere(operation: string) {
  return () => [{ action: `cloudwatch:${operation}`, resource: '*' }];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
function alarmArn({ world, region, accountId }: Call, name: string): string {
  return `arn:${world.partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
}
