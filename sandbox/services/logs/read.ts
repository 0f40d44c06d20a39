import type { Document } from '../service';
import { matcherOf } from './filter-pattern';
import { existingGroup, existingStream, invalidParameter, type LogEvent, type LogsState } from './state';

/** Events that one answer has when the request does not say. Source: the references of the two operations */
const DEFAULT_LIMIT = 10_000;

/**
 * The events of one stream. The page before and the page after have tokens of their own; at either end the token is the
 * one that was sent, which is how callers see that there is no more.
 */
export function getLogEvents(input: Document, state: LogsState): Document {
  const { startTime, endTime, limit = DEFAULT_LIMIT, startFromHead = false, nextToken } = input;
  const stream = existingStream(existingGroup(state, groupOf(input)), input.logStreamName);
  const events = stream.filter(within(startTime, endTime));
  const token = nextToken === undefined ? undefined : parseToken(nextToken);
  const start =
    token === undefined
      ? startFromHead
        ? 0
        : Math.max(0, events.length - limit)
      : token.direction === 'f'
        ? token.position
        : Math.max(0, token.position - limit);
  const end = token?.direction === 'b' ? token.position : Math.min(events.length, start + limit);
  return {
    events: events.slice(start, end).map(({ timestamp, message, ingestionTime }) => ({
      timestamp,
      message,
      ingestionTime,
    })),
    nextForwardToken: makeToken('f', end),
    nextBackwardToken: makeToken('b', start),
  };
}

/** The events of all streams of a group, or of some, that fit the pattern, in the order of their times. */
export function filterLogEvents(input: Document, state: LogsState): Document {
  const { logStreamNames: names, logStreamNamePrefix: prefix, startTime, endTime, limit = DEFAULT_LIMIT } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be given');
  }
  const group = existingGroup(state, groupOf(input));
  const chosen = [...group.streams].filter(([name]) => {
    return names === undefined ? name.startsWith(prefix ?? '') : (names as readonly string[]).includes(name);
  });
  const fits = matcherOf(input.filterPattern);
  const found = chosen
    .flatMap(([logStreamName, events]) => events.map((event) => ({ logStreamName, event })))
    .filter(({ event }) => within(startTime, endTime)(event) && fits(event.message))
    .sort((a, b) => a.event.timestamp - b.event.timestamp);
  const start = input.nextToken === undefined ? 0 : parseToken(input.nextToken).position;
  const shown = found.slice(start, start + limit);
  const more = start + limit < found.length;
  return {
    events: shown.map(({ logStreamName, event: { id, timestamp, message, ingestionTime } }) => {
      return { logStreamName, timestamp, message, ingestionTime, eventId: id };
    }),
    searchedLogStreams: [],
    ...(more && { nextToken: makeToken('f', start + limit) }),
  };
}

/** A group by its name, or by the ARN that some callers have; exactly one of the two members must be given. */
export function groupOf({ logGroupName: name, logGroupIdentifier: identifier }: Document): string {
  if ((name === undefined) === (identifier === undefined)) {
    throw invalidParameter('one of logGroupName and logGroupIdentifier must be given, and only one');
  }
  return name ?? identifier.replace(/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:/, '');
}

/** From the first time on, up to but without the last. */
function within(startTime: number | undefined, endTime: number | undefined): (event: LogEvent) => boolean {
  return ({ timestamp }) =>
    (startTime === undefined || timestamp >= startTime) && (endTime === undefined || timestamp < endTime);
}

interface Token {
  readonly direction: 'f' | 'b';
  readonly position: number;
}

function makeToken(direction: Token['direction'], position: number): string {
  return `${direction}/${String(position).padStart(56, '0')}`;
}

function parseToken(token: string): Token {
  const [, direction, position] = /^([fb])\/(\d{56})$/.exec(token) ?? [];
  if (direction === undefined) throw invalidParameter(`The specified nextToken is invalid: ${token}`);
  return { direction: direction as Token['direction'], position: Number(position) };
}
