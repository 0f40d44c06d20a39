import { createHash } from 'node:crypto';
import { OWNER_TAG, ownerOf } from '../runtime/identity';
import { type ParameterView, readParameter } from '../runtime/parameter';
import type { PlanContext, Run } from '../runtime/reconciler';
import type { AssociationSet } from './association-set.runtime';

/**
 * What is known of who associated what, written ahead of every association. Macie Classic has no tags, and what a
 * cancelled creation has made is deleted under an id that nobody knows: the record is found by a name that follows from
 * the stack and the logical id.
 */
export interface AssociationRecord {
  /** For which sets the rest was found out, by their hashes. A set that is not here was never acted on. */
  readonly examined: readonly string[];
  /** The hashes of what was associated already. */
  readonly existing: ReadonlySet<string>;
}

export interface RecordView {
  readonly name: string;
  /** The record of this resource. */
  readonly own?: AssociationRecord & { readonly tags: Readonly<Record<string, string>> };
  /** Under the name stands what an earlier resource of this place in the stack has left, or something of somebody else. */
  readonly other?: 'former' | 'foreign';
}

const HASH_LENGTH = 12;
/** The most that Parameter Store takes: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
export const MAX_RECORD_BYTES = 8192;

/** The stack's id is in it, so that a stack of the same name, later, does not meet what an earlier one has retained. */
function recordName({ properties, address }: Pick<Run<unknown>, 'properties' | 'address'>): string {
  return `${properties.string('RecordPrefix')}${address.logicalId}-${hash(address.stackId)}`;
}

export async function readRecord(run: Run<unknown>): Promise<RecordView> {
  const name = recordName(run);
  const parameter = await readParameter(run, name);
  if (parameter === undefined) return { name };
  if (parameter.own) return { name, own: { ...decode(parameter.value), tags: parameter.tags } };
  return { name, other: isFormer(parameter, run) ? 'former' : 'foreign' };
}

function isFormer({ tags }: ParameterView, { address }: PlanContext<unknown>): boolean {
  return tags[OWNER_TAG] === ownerOf(address);
}

/** A value that is not ours any more says that nothing was examined: then nothing is removed. */
function decode(value: string): AssociationRecord {
  const [examined = '', existing = ''] = value.split('\n');
  return { examined: hashesIn(examined), existing: new Set(hashesIn(existing)) };
}

/** Two lines of hashes, without anything between them: of a thousand associations as many as possible are to fit. */
export function encodeRecord({ examined, existing }: AssociationRecord): string {
  return `${examined.join('')}\n${[...existing].join('')}`;
}

function hashesIn(line: string): string[] {
  return line.match(new RegExp(`[\\w-]{${HASH_LENGTH}}`, 'g')) ?? [];
}

/** The hash of a set as a whole, whatever the settings of its associations. */
export function setHash(set: AssociationSet): string {
  return hash(JSON.stringify([...set.keys()].sort()));
}

/** Such a short one is enough: chance finds two of a thousand equal once in 10^16. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}
