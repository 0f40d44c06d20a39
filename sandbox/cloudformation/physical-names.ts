import type { Random } from '../kernel/random';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A name that CloudFormation makes for a resource without one: stack, logical id, twelve random characters. */
export function generatedName(random: Random, stackName: string, logicalId: string, maxLength = 64): string {
  const suffix = random.string(12, MIXED);
  return [...parts(stackName, logicalId, maxLength - suffix.length - 2), suffix].join('-');
}

/** A name of which only the logical id and twelve random characters are parts. */
export function generatedId(random: Random, logicalId: string): string {
  return `${logicalId}-${random.string(12, MIXED)}`;
}

/** As {@link generatedName}, for services that know only lower case. */
export function lowerCaseName(random: Random, stackName: string, logicalId: string, maxLength: number): string {
  const suffix = random.string(12, LOWER);
  return [...parts(stackName, logicalId, maxLength - suffix.length - 2), suffix].join('-').toLowerCase();
}

/** The id under which CloudFormation deletes a custom resource that never told its own. */
export function inventedId(random: Random, stackName: string, logicalId: string): string {
  return `${stackName}-${logicalId}-${random.string(13, UPPER)}`;
}

/** Both parts are shortened alike when together they are too long, the logical id to no less than 24 characters. */
function parts(stackName: string, logicalId: string, room: number): [string, string] {
  if (stackName.length + logicalId.length <= room) return [stackName, logicalId];
  const forLogicalId = Math.min(logicalId.length, Math.max(24, room - stackName.length));
  return [stackName.slice(0, room - forLogicalId), logicalId.slice(0, forLogicalId)];
}
