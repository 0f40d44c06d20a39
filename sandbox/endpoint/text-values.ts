import type { ScalarShape } from '../model/model';
import { UnreadableRequest } from './unreadable-request';

export type TimestampFormat = NonNullable<ScalarShape['timestampFormat']>;

/** A scalar that travels as text: in a path, a query string, a header, a form or XML. */
export function parseText(shape: ScalarShape, text: string): unknown {
  switch (shape.type) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new UnreadableRequest(`'${text}' is not a boolean`);
      return text === 'true';
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      if (text.trim() === '' || Number.isNaN(Number(text))) throw new UnreadableRequest(`'${text}' is not a number`);
      return Number(text);
    case 'timestamp':
      return parseTimestamp(text);
    case 'blob':
      return Buffer.from(text, 'base64');
    case 'string':
      return text;
  }
}

export function formatText(shape: ScalarShape, value: unknown, timestampFormat: TimestampFormat): string {
  if (shape.type === 'timestamp') return String(formatTimestamp(value, shape.timestampFormat ?? timestampFormat));
  if (shape.type === 'blob') return formatBlob(value);
  return String(value);
}

export function parseTimestamp(text: string): Date {
  const date = /^-?\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (Number.isNaN(date.getTime())) throw new UnreadableRequest(`'${text}' is not a timestamp`);
  return date;
}

/** Services may answer a date, seconds since the epoch, or ISO text. */
export function formatTimestamp(value: unknown, format: TimestampFormat): string | number {
  const date =
    value instanceof Date ? value : typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  switch (format) {
    case 'unixTimestamp':
      return date.getTime() / 1000;
    case 'iso8601':
      return date.toISOString();
    case 'rfc822':
      return date.toUTCString();
  }
}

export function formatBlob(value: unknown): string {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value as Uint8Array);
  return bytes.toString('base64');
}
