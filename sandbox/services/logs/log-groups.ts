import { ServiceError, type World } from '../service';
import type { LogsService } from './logs-service';
import { existingGroup, invalidParameter, type LogGroup, type LogsState } from './state';

export interface LogGroupSettings {
  readonly retentionDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The log groups of all accounts and regions, for who makes or fills them without calling the API. */
export class LogGroups {
  constructor(
    private readonly world: World,
    private readonly service: LogsService,
  ) {}

  /** Refused when there is one of this name, whoever made it. */
  create(accountId: string, region: string, name: string, settings: LogGroupSettings = {}): LogGroup {
    const { groups } = this.state(accountId, region);
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
      throw invalidParameter(`log group name '${name}' must be 1 to 512 letters, digits and .-_/#`);
    }
    if (groups.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    const { retentionDays, tags = {} } = settings;
    const group = { name, createdAt: this.world.clock.now(), retentionDays, tags, streams: new Map() };
    groups.set(name, group);
    return group;
  }

  update(accountId: string, region: string, name: string, settings: LogGroupSettings): void {
    const group = existingGroup(this.state(accountId, region), name);
    Object.assign(group, { retentionDays: settings.retentionDays, tags: settings.tags ?? {} });
  }

  delete(accountId: string, region: string, name: string): void {
    const state = this.state(accountId, region);
    state.groups.delete(existingGroup(state, name).name);
  }

  has(accountId: string, region: string, name: string): boolean {
    return this.state(accountId, region).groups.has(name);
  }

  /** Appends lines to a stream, as of now. The stream comes with its first lines; its group must exist. */
  write(accountId: string, region: string, name: string, stream: string, lines: readonly string[]): void {
    const { streams } = existingGroup(this.state(accountId, region), name);
    const now = this.world.clock.now();
    const events = streams.get(stream) ?? [];
    streams.set(stream, events);
    for (const message of lines) {
      const id = this.world.random.string(56, '0123456789');
      events.push({ id, timestamp: now, message, ingestionTime: now });
    }
  }

  /** All lines of an account and region, for tests that look for what must not be in them. */
  lines(accountId: string, region: string): readonly string[] {
    const groups = [...this.state(accountId, region).groups.values()];
    return groups.flatMap(({ streams }) => [...streams.values()].flat().map(({ message }) => message));
  }

  state(accountId: string, region: string): LogsState {
    return this.world.state(this.service, accountId, region);
  }
}
