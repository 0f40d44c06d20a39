import type { Document } from '../service';
import { invalidValue } from './errors';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html */
const RECORDS = { min: 20, max: 100, default: 100 };

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly marker?: string;
}

/** One page of items in the order of their identifiers. A marker names the last one shown, however many came since. */
export function page<Item extends { readonly identifier: string }>(
  items: readonly Item[],
  { MaxRecords: size = RECORDS.default, Marker }: Document,
): Page<Item> {
  if (size < RECORDS.min || size > RECORDS.max) {
    throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between ${RECORDS.min} and ${RECORDS.max}`);
  }
  const after = Marker === undefined || Marker === '' ? '' : decode(Marker);
  const rest = items.filter(({ identifier }) => identifier > after);
  const shown = rest.slice(0, size);
  return shown.length < rest.length ? { items: shown, marker: encode(shown.at(-1)!.identifier) } : { items: shown };
}

const MARK = 'rds:';

function encode(identifier: string): string {
  return Buffer.from(MARK + identifier).toString('base64url');
}

function decode(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith(MARK)) throw invalidValue(`Marker '${marker}' is not one that this operation gave`);
  return text.slice(MARK.length);
}
