import { ServiceError } from '../service';

/** What CloudWatch Logs remembers in an account and region: groups by name. */
export interface LogsState {
  readonly groups: Map<string, LogGroup>;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  retentionDays?: number;
  tags: Readonly<Record<string, string>>;
  /** By name. */
  readonly streams: Map<string, LogEvent[]>;
}

export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
}

export function existingGroup(state: LogsState, name: string): LogGroup {
  const group = state.groups.get(name);
  if (group === undefined) throw notFound('The specified log group does not exist.');
  return group;
}

export function existingStream(group: LogGroup, name: string): readonly LogEvent[] {
  const stream = group.streams.get(name);
  if (stream === undefined) throw notFound('The specified log stream does not exist.');
  return stream;
}

/** Codes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html#API_GetLogEvents_Errors */
export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
