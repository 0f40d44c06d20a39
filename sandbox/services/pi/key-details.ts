import type { Call, Document } from '../service';
import type { Access } from './access';
import { invalidArgument, unknownDimension, unknownGroup } from './errors';
import type { Family } from './families';
import { cut } from './keys';
import type { Sources } from './sources';

/** The full text of a statement by its id. Plans and lock snapshots are not modelled. */
export function keyDetails(input: Document, call: Call, sources: Sources, access: Access): Document {
  const instance = access.instance(input, call);
  const load = sources.load(instance);
  const { Group, GroupIdentifier, RequestedDimensions } = input;
  const dimension = detailOf(Group, load.family);
  const unknown = RequestedDimensions?.find((name: string) => name !== dimension && name !== 'statement');
  if (unknown !== undefined) throw unknownDimension(unknown, Group);
  const found = load.cells.find(({ dimensions }) => dimensions.get(`${Group}.id`) === GroupIdentifier);
  if (found === undefined) throw invalidArgument(`GroupIdentifier ${GroupIdentifier} is not known in group ${Group}`);
  const { text } = found.activity.statement;
  const status = load.disturbances.details.get(GroupIdentifier) ?? 'AVAILABLE';
  const Value = { AVAILABLE: text, PROCESSING: cut(text), UNAVAILABLE: undefined }[status];
  return { Dimensions: [{ ...(Value !== undefined && { Value }), Dimension: dimension, Status: status }] };
}

/** The dimensions that a request of details looks at. */
export function requestedDetails({ Group }: Document): string[] {
  return [`${Group}.statement`];
}

/** https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_GetDimensionKeyDetails.html */
function detailOf(group: string, { groups }: Family): string {
  if (!['db.sql', 'db.query'].includes(group) || groups[group] === undefined) throw unknownGroup(group);
  return `${group}.statement`;
}
