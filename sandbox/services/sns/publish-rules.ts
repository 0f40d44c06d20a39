/** Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
import { invalidParameter } from './errors';
import type { MessageAttribute } from './state';

export const MAX_MESSAGE_BYTES = 262_144;
const MAX_SUBJECT = 100;

export interface Publication {
  readonly subject?: string;
  readonly message: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export function checkPublication({ subject, message, attributes = {} }: Publication): void {
  if (message === '') throw invalidParameter('Empty message');
  if (subject !== undefined) checkSubject(subject);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
  if (sizeOf(message, attributes) > MAX_MESSAGE_BYTES) throw invalidParameter('Message too long');
}

/** ASCII in one line that begins with more than a blank. */
function checkSubject(subject: string): void {
  if (subject.length > MAX_SUBJECT || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)) throw invalidParameter('Subject');
}

function checkAttribute(
  name: string,
  { DataType: type, StringValue: text, BinaryValue: bytes }: MessageAttribute,
): void {
  const fits = /^(?!AWS\.|Amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i.test(name);
  if (!fits) throw invalidParameter(`The message attribute name '${name}' is not valid`);
  if (!/^(String|String\.Array|Number|Binary)(\.[\w.]+)?$/.test(type)) {
    throw invalidParameter(`The message attribute '${name}' has an invalid message attribute type`);
  }
  const value = type.startsWith('Binary') ? bytes : text;
  if (value === undefined || value.length === 0) {
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty attribute value for type ${type}`);
  }
}

/** Names, types and values of attributes count too. */
function sizeOf(message: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  const parts = Object.entries(attributes).flatMap(([name, { DataType, StringValue = '', BinaryValue = '' }]) => {
    return [name, DataType, StringValue, BinaryValue];
  });
  return [message, ...parts].reduce((total, part) => total + Buffer.byteLength(part), 0);
}
