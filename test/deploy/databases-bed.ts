import type { SandboxOptions } from '../../sandbox/sandbox';
import type { MinuteSample } from '../../sandbox/services/cloudwatch/minutes';
import type { InstanceSettings } from '../../sandbox/services/rds/instances';
import type { Place } from '../../sandbox/services/rds/place';
import type { DbInstance } from '../../sandbox/services/rds/state';
import { performanceinsights as pi } from '../../src';
import { Testbed } from './testbed';

export const MINUTE = 60_000;
export const NAMESPACE = 'CdkSettled/PerformanceInsights';
export const OTHER_ACCOUNT = '222222222222';

/** Long enough for each stage to be seen under way, and short enough for few looks at it. */
export const QUICK_DATABASES = {
  instanceCreate: 20,
  instanceConfigure: 10,
  instanceDelete: 10,
  instanceStop: 10,
  clusterCreate: 10,
  clusterDelete: 10,
};

/** A sandbox with databases that are there before a stack is, and what Performance Insights and CloudWatch say of them. */
export class DatabasesBed {
  static async start({ supporting, ...options }: SandboxOptions = {}): Promise<DatabasesBed> {
    const rds = { durations: { ...QUICK_DATABASES, ...supporting?.rds?.durations } };
    return new DatabasesBed(await Testbed.start({ ...options, supporting: { ...supporting, rds } }));
  }

  private constructor(readonly bed: Testbed) {}

  get sandbox() {
    return this.bed.sandbox;
  }

  get place(): Place {
    const { accountId, region } = this.sandbox;
    return { accountId, region };
  }

  get databases() {
    return this.sandbox.supporting.tools.databases;
  }

  get controls() {
    return this.sandbox.supporting.performanceInsights.controls;
  }

  get now(): number {
    return this.sandbox.clock.now();
  }

  /** The beginning of the minute that comes after so many more. */
  minuteIn(minutes: number): number {
    return (Math.ceil(this.now / MINUTE) + minutes) * MINUTE;
  }

  /** Makes an instance; it is available, and measured, some minutes later. */
  instance(identifier: string, settings: Partial<InstanceSettings> = {}, place = this.place): DbInstance {
    const engine = settings.clusterIdentifier === undefined ? 'postgres' : undefined;
    return this.databases.instances.create(place, { identifier, engine, performanceInsights: true, ...settings });
  }

  async pass(minutes: number): Promise<void> {
    await this.sandbox.clock.sleep(minutes * MINUTE);
  }

  async passTo(time: number): Promise<void> {
    await this.sandbox.clock.sleep(time - this.now);
  }

  /** What was published of a source, by the minute; without a name the heartbeat. */
  published(source: string | Record<string, string>, metric = 'Heartbeat', slice: Record<string, string> = {}) {
    const { world, supporting } = this.sandbox;
    const dimensions = { ...identityOf(source), ...slice };
    return supporting.cloudWatch.samples({ world, ...this.place }, NAMESPACE, metric, dimensions);
  }

  /** The states that an alarm has had, and since when; the name is a part of its own. */
  transitions(name: string): Array<{ readonly at: number; readonly state: string }> {
    const { alarms } = this.sandbox.supporting.tools;
    return alarms.transitions(this.place, this.alarmNamed(name)).map(({ at, state }) => ({ at: at.getTime(), state }));
  }

  states(name: string): string[] {
    return this.transitions(name).map(({ state }) => state);
  }

  /** The same of the alarm on the heartbeat of a source. */
  heartbeatStates(source: string | Record<string, string>): string[] {
    const { alarms } = this.sandbox.supporting.tools;
    const wanted = Object.entries(identityOf(source)).map(([Name, Value]) => ({ Name, Value }));
    const found = this.alarmNames().filter((name) => {
      const { settings } = alarms.get(this.place, name);
      if (!('MetricName' in settings) || settings.MetricName !== 'Heartbeat') return false;
      const sorted = (dimensions: readonly object[]) => dimensions.map((item) => JSON.stringify(item)).sort();
      return JSON.stringify(sorted(settings.Dimensions ?? [])) === JSON.stringify(sorted(wanted));
    });
    expect([source, ...found]).toHaveLength(2);
    return alarms.transitions(this.place, found[0]!).map(({ state }) => state);
  }

  /** Of the role with a logical id that begins so: the actions that it is granted, and those that its calls took. */
  actionsOf(role: string): { readonly granted: string[]; readonly used: string[] } {
    const { stacks, iam, journal } = this.sandbox;
    const { accountId, region } = this.place;
    const resources = [...(stacks.get('App', accountId, region)?.resources.values() ?? [])];
    const { instance } = resources.find(
      ({ logicalId, type }) => type === 'AWS::IAM::Role' && logicalId.startsWith(role),
    )!;
    const name = instance!.physicalId;
    const policies = [...iam.role(`arn:aws:iam::${accountId}:role/${name}`)!.inlinePolicies.values()];
    const granted = policies.flatMap(({ Statement }) => [Statement].flat()).flatMap(({ Action = [] }) => Action);
    const calls = journal.calls.filter(({ principal }) => principal.includes(name));
    return { granted: distinct(granted), used: distinct(calls.flatMap(({ permissions }) => permissions)) };
  }

  private alarmNames(): string[] {
    const lines = this.sandbox.inventory().filter((line) => line.startsWith('alarm '));
    return lines.map((line) => line.slice('alarm '.length));
  }

  private alarmNamed(part: string): string {
    const found = this.alarmNames().filter((name) => name.includes(part));
    expect([part, ...found]).toHaveLength(2);
    return found[0]!;
  }
}

function identityOf(source: string | Record<string, string>): Record<string, string> {
  return typeof source === 'string' ? { DBInstanceIdentifier: source } : source;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** As a user names an instance that is no part of the app. */
export function sourceOf(instance: DbInstance, options: Partial<pi.ResourceIdOptions> = {}): pi.DataSource {
  return pi.DataSource.fromResourceId(instance.resourceId, { instanceIdentifier: instance.identifier, ...options });
}

/** Each minute once, without one missing: what was published of the others is in the difference. */
export function expectUnbroken(samples: readonly MinuteSample[]): void {
  const first = samples[0]!.timestamp;
  const wanted = samples.map((_, index) => [first + index * MINUTE, 1]);
  expect(samples.map(({ timestamp, sampleCount }) => [timestamp, sampleCount])).toEqual(wanted);
}

/** The value of a minute with one point. */
export function valueAt(samples: readonly MinuteSample[], time: number): number | undefined {
  return samples.find(({ timestamp }) => timestamp === time)?.sum;
}
