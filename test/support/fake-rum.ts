import type {
  AppMonitor,
  AppMonitorConfiguration,
  CreateAppMonitorCommandInput,
  ListTagsForResourceCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateAppMonitorCommandInput,
} from '@aws-sdk/client-rum';
import type { AwsClients } from '../../src/runtime/clients';
import { ID_TAG, OWNER_TAG } from '../../src/runtime/identity';
import { awsError } from './runs';

/** What becomes of one call: it is answered, refused before it takes effect, lost after, or answered from before. */
export type Fate = 'answered' | 'throttled' | 'lost' | 'conflict' | 'stale';

type Input = Record<string, unknown> & { Name: string };

interface Options {
  /** How many reads a monitor that is being deleted is still seen. */
  readonly deletingFor?: number;
  /** Whether an update keeps what it omits from the nested configuration; RUM does not document it. */
  readonly mergesDeeply?: boolean;
  /** Whether GetAppMonitor answers the tags, or ListTagsForResource must be asked. */
  readonly answersTags?: boolean;
}

/** RUM in memory, behind the SDK's client: as much of it as the reconciler calls. */
export class FakeRum {
  readonly monitors = new Map<string, AppMonitor>();
  /** What becomes of the next calls; after these all are answered. */
  fates: Fate[] = [];
  calls: string[] = [];
  private before = new Map<string, AppMonitor>();
  private readonly deletingFor = new Map<string, number>();

  constructor(private readonly options: Options = {}) {}

  readonly aws = { get: () => ({ send: (command: object) => this.send(command) }) } as unknown as AwsClients;

  create(
    { Name = '', Tags = {}, ...input }: CreateAppMonitorCommandInput,
    state: AppMonitor['State'] = 'CREATED',
  ): void {
    const { CwLogEnabled = false, ...rest } = input;
    const DataStorage = { CwLog: { CwLogEnabled } };
    this.monitors.set(Name, { ...rest, Name, Id: `id-of-${Name}`, State: state, DataStorage, Tags: { ...Tags } });
    if (state === 'DELETING') this.deletingFor.set(Name, this.options.deletingFor ?? 0);
    this.settle();
  }

  /** From now on no read is stale that does not follow a call. */
  settle(): void {
    this.before = structuredClone(this.monitors);
  }

  /** The monitors that carry a tag. */
  tagged(key: string, value: string): AppMonitor[] {
    return [...this.monitors.values()].filter(({ Tags = {} }) => Tags[key] === value);
  }

  private async send(command: object): Promise<unknown> {
    const call = command.constructor.name.replace('Command', '');
    const { input } = command as { input: Input };
    this.calls.push(call);
    const fate = this.fates.shift() ?? 'answered';
    if (fate === 'throttled') throw awsError('ThrottlingException', 'slow down', 429);
    if (fate === 'conflict') throw awsError('ConflictException', 'another operation is under way', 409);
    const read = this.read(call, input, fate === 'stale' ? this.before : this.monitors);
    const answer = structuredClone(read ?? this.write(call, input));
    if (fate === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return answer;
  }

  private read(call: string, input: Input, monitors: Map<string, AppMonitor>): unknown {
    this.passTime();
    if (call === 'GetAppMonitor') {
      const { Tags, ...monitor } = found(monitors.get(input.Name));
      return { AppMonitor: this.options.answersTags === false ? monitor : { ...monitor, Tags } };
    }
    if (call === 'ListTagsForResource') {
      const { ResourceArn } = input as unknown as ListTagsForResourceCommandInput;
      return { Tags: found(monitors.get(nameIn(ResourceArn))).Tags };
    }
    if (call !== 'ListAppMonitors') return undefined;
    const names = [...monitors.keys()];
    const start = Number(input.NextToken ?? 0);
    // Pages of two.
    const AppMonitorSummaries = names.slice(start, start + 2).map((Name) => ({ Name }));
    return { AppMonitorSummaries, NextToken: start + 2 < names.length ? `${start + 2}` : undefined };
  }

  private write(call: string, input: Input): unknown {
    this.before = structuredClone(this.monitors);
    const {
      ResourceArn = '',
      Tags,
      TagKeys,
    } = input as unknown as Partial<TagResourceCommandInput & UntagResourceCommandInput>;
    switch (call) {
      case 'CreateAppMonitor':
        return this.createCall(input as CreateAppMonitorCommandInput);
      case 'UpdateAppMonitor':
        return this.update(input as UpdateAppMonitorCommandInput);
      case 'DeleteAppMonitor':
        return this.delete(input.Name);
      case 'TagResource':
        requireOwner(Tags);
        return Object.assign(found(this.monitors.get(nameIn(ResourceArn))).Tags as object, Tags);
      case 'UntagResource': {
        const tags = found(this.monitors.get(nameIn(ResourceArn))).Tags as Record<string, string>;
        for (const key of TagKeys ?? []) delete tags[key];
        return {};
      }
      default:
        throw new Error(`${call} is not modelled`);
    }
  }

  private createCall(input: CreateAppMonitorCommandInput): object {
    if (this.monitors.has(input.Name ?? '')) throw awsError('ConflictException', 'it exists', 409);
    requireOnePageList(input.AppMonitorConfiguration);
    requireOwner(input.Tags);
    const { before } = this;
    this.create(input);
    this.before = before;
    return {};
  }

  private update({
    Name = '',
    CwLogEnabled = false,
    AppMonitorConfiguration,
    ...input
  }: UpdateAppMonitorCommandInput): object {
    const monitor = found(this.monitors.get(Name));
    if (monitor.State === 'DELETING') throw awsError('ConflictException', 'it is being deleted', 409);
    const kept = this.options.mergesDeeply ? monitor.AppMonitorConfiguration : {};
    const given = Object.entries(AppMonitorConfiguration ?? {}).filter(([, value]) => value !== undefined);
    const configuration = { ...kept, ...Object.fromEntries(given) };
    requireOnePageList(configuration);
    // The domain and the list of domains stand for each other.
    const { Domain: _domain, DomainList: _domains, ...rest } = monitor;
    const DataStorage = { CwLog: { CwLogEnabled } };
    this.monitors.set(Name, {
      ...rest,
      ...input,
      State: 'ACTIVE',
      DataStorage,
      AppMonitorConfiguration: configuration,
    });
    return {};
  }

  private delete(name: string): object {
    const monitor = found(this.monitors.get(name));
    if (monitor.State === 'DELETING') throw awsError('ConflictException', 'it is being deleted', 409);
    const { deletingFor = 0 } = this.options;
    if (deletingFor === 0) this.monitors.delete(name);
    else this.monitors.set(name, { ...monitor, State: 'DELETING' });
    this.deletingFor.set(name, deletingFor);
    return {};
  }

  private passTime(): void {
    for (const [name, { State }] of [...this.monitors]) {
      if (State !== 'DELETING') continue;
      const left = this.deletingFor.get(name) ?? 0;
      if (left === 0) this.monitors.delete(name);
      else this.deletingFor.set(name, left - 1);
    }
  }
}

/** What is not of the run with this id, to be compared before and after. */
export function notOurs(rum: FakeRum, id: string): AppMonitor[] {
  return structuredClone([...rum.monitors.values()].filter(({ Tags = {} }) => Tags[ID_TAG] !== id));
}

function found(monitor: AppMonitor | undefined): AppMonitor {
  if (monitor === undefined) throw awsError('ResourceNotFoundException', 'there is none', 404);
  return monitor;
}

function nameIn(arn = ''): string {
  return arn.slice(arn.indexOf('/') + 1);
}

function requireOnePageList({ IncludedPages = [], ExcludedPages = [] }: AppMonitorConfiguration = {}): void {
  if (IncludedPages.length > 0 && ExcludedPages.length > 0) throw awsError('ValidationException', 'one page list only');
}

/** The condition under which the provider's role may create and tag. */
function requireOwner(tags: Readonly<Record<string, string>> = {}): void {
  if (!tags[OWNER_TAG]?.startsWith('shop/')) throw awsError('AccessDeniedException', 'the owner tag is missing', 403);
}
