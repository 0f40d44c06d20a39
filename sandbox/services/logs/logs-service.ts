import type { Permission } from '../../iam/principal';
import type { Call, Operation, Service, World } from '../service';
import { LogGroups } from './log-groups';
import { model } from './model';
import { filterLogEvents, getLogEvents, groupOf } from './read';
import type { LogsState } from './state';

/** Amazon CloudWatch Logs: groups of stacks and services, and reading what is in them. README.md beside this file says more. */
export class LogsService implements Service<LogsState> {
  readonly name = 'logs';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<LogsState>>> = {
    GetLogEvents: {
      permissions: (input, call) => [onStream('logs:GetLogEvents', call, groupOf(input), input.logStreamName)],
      handle: getLogEvents,
    },
    FilterLogEvents: {
      permissions: (input, call) => [onStream('logs:FilterLogEvents', call, groupOf(input))],
      handle: filterLogEvents,
    },
  };

  newState(): LogsState {
    return { groups: new Map() };
  }

  inventory(state: LogsState): readonly string[] {
    return [...state.groups.keys()].map((name) => `log group ${name}`);
  }

  /** To make and fill groups without a call. */
  groups(world: World): LogGroups {
    return new LogGroups(world, this);
  }
}

/**
 * A call on a stream. Calls on a whole group are authorized on the stream without a name, as AWS's messages of refusal
 * show, so that a policy for `log-group:name:*` covers both.
 */
export function onStream(
  action: string,
  { world, region, accountId }: Pick<Call, 'world' | 'region' | 'accountId'>,
  group: string,
  stream = '',
): Permission {
  return {
    action,
    resource: `arn:${world.partition}:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`,
  };
}
