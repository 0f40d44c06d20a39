import type { StackEvent } from '../cloudformation/events';

export interface EventLinesOptions {
  /** Virtual time in milliseconds from which the lines count. */
  readonly start: number;
  readonly colours?: boolean;
  /** Shows the stack's name in front: for more than one stack. */
  readonly stackNames?: boolean;
}

/** A stack's event as one aligned line: time, status, logical id, type, reason. */
export function eventLine(event: StackEvent, options: EventLinesOptions): string {
  const status = event.status.padEnd(STATUS_WIDTH);
  const cells = [
    elapsed(event.at - options.start).padStart(TIME_WIDTH),
    ...(options.stackNames ? [event.stackName.padEnd(STACK_WIDTH)] : []),
    options.colours ? colour(event.status, status) : status,
    event.logicalId.padEnd(ID_WIDTH),
    event.type.padEnd(TYPE_WIDTH),
    (event.reason ?? '').replace(/\s+/g, ' '),
  ];
  return cells.join('  ').trimEnd();
}

/** Prints every event as it happens; the returned function ends that. */
export function printEvents(
  source: { onEvent(listener: (event: StackEvent) => void): () => void },
  print: (line: string) => void,
  options: EventLinesOptions,
): () => void {
  return source.onEvent((event) => print(eventLine(event, options)));
}

/** `+mm:ss`, with hours in front when there are any. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `+${hours > 0 ? `${two(hours)}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Of the column of times. */
export const TIME_WIDTH = 9;
const STACK_WIDTH = 20;
const STATUS_WIDTH = 35;
const ID_WIDTH = 40;
const TYPE_WIDTH = 36;

const RED = 31;
const GREEN = 32;
const YELLOW = 33;

function colour(status: string, text: string): string {
  return `\u001b[${colourOf(status)}m${text}\u001b[0m`;
}

function colourOf(status: string): number {
  if (status.endsWith('FAILED')) return RED;
  if (status.includes('ROLLBACK')) return YELLOW;
  return status.endsWith('IN_PROGRESS') || status.endsWith('SKIPPED') ? YELLOW : GREEN;
}
