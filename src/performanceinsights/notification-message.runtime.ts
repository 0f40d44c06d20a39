import type { CloudWatchAlarmEvent } from 'aws-lambda';
import type { AlarmWindow } from './notification-window.runtime';
import type { TopKey, TopKeys } from './top-keys.runtime';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_SUBJECT_LENGTH = 100;
const MAX_MESSAGE_BYTES = 262_144;
/** Of one statement: enough to know it by, and few enough for all of them to fit. */
const MAX_TEXT_LENGTH = 8_000;

export interface AlarmReport {
  /** The instance, as a user knows it. */
  readonly instance: string;
  readonly window: AlarmWindow;
  readonly topKeys: readonly TopKeys[];
  /** Why Performance Insights could not be asked at all. */
  readonly problem?: string;
}

/** Printable ASCII in one line, as email demands it. */
export function subjectOf(alarmName: string): string {
  const subject = `ALARM: "${alarmName}"`.replace(/[^\x20-\x7e]/g, '?');
  return subject.length <= MAX_SUBJECT_LENGTH ? subject : `${subject.slice(0, MAX_SUBJECT_LENGTH - 4)}..."`;
}

export function messageOf({ alarmData, alarmArn, region }: CloudWatchAlarmEvent, report: AlarmReport): string {
  const { alarmName, state, configuration } = alarmData;
  const { instance, window, topKeys, problem } = report;
  const description = configuration.description;
  const head = [
    `Alarm "${alarmName}" in ${region} is in ALARM since ${state.timestamp}.`,
    state.reason,
    ...(description === undefined || description === '' ? [] : [description]),
    '',
    `What loaded ${instance} from ${timeOf(window.from)} to ${timeOf(window.to)}, in average active sessions:`,
    ...(problem === undefined ? [] : ['', problem]),
  ];
  return capped([...head, ...topKeys.flatMap(sectionOf), '', alarmArn].join('\n'));
}

function sectionOf({ group, keys, problem }: TopKeys): string[] {
  const lines = keys.map((key, index) => `${index + 1}. ${key.load.toFixed(2)}  ${describe(key)}`);
  const nothing = problem === undefined && keys.length === 0 ? ['nothing'] : [];
  return ['', `By ${group}`, ...lines, ...nothing, ...(problem === undefined ? [] : [problem])];
}

/** The text of a statement says most, and its id finds it again; all other keys are told by their names. */
function describe({ dimensions }: TopKey): string {
  const entries = Object.entries(dimensions);
  const text = entries.find(([name]) => name.endsWith('.statement'))?.[1];
  const ids = entries.filter(([name]) => name.endsWith('.id')).map(([name, value]) => `${name} ${value}`);
  if (text !== undefined) return `${shortened(text)}  [${ids.join(', ')}]`;
  const names = entries.filter(([name]) => !name.endsWith('.id')).map(([, value]) => value);
  return names.length > 0 ? names.join(', ') : ids.join(', ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_TEXT_LENGTH ? line : `${line.slice(0, MAX_TEXT_LENGTH)} …`;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/:00\.000Z$/, 'Z');
}

function capped(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_MESSAGE_BYTES) return message;
  // A character cut in half decodes to the replacement character.
  return `${bytes
    .subarray(0, MAX_MESSAGE_BYTES - 16)
    .toString()
    .replace(/\uFFFD+$/, '')}\n…`;
}
