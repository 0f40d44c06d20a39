import { digest } from './digest';

/** The tag that binds a resource to one physical id of one custom resource. */
export const ID_TAG = 'cdk-settled:id';
/** The tag that names the stack and the logical id, so that a Delete with an unknown id finds what a cancelled create made. */
export const OWNER_TAG = 'cdk-settled:owner';

const HASH_LENGTH = 12;
const CHECK_LENGTH = 4;
/** Every id begins with the stack's name (at most 128 characters) in full: permissions are granted on that prefix. */
const MAX_LOGICAL_ID_LENGTH = 54;

/** Where a custom resource stands. */
export interface ResourceAddress {
  readonly stackId: string;
  readonly logicalId: string;
}

export interface StackAddress {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
  /** What tells two stacks of the same name, one after the other, apart. */
  readonly uuid: string;
}

export function parseStackId(stackId: string): StackAddress {
  const [, partition = '', , region = '', accountId = '', path = ''] = stackId.split(':');
  const [, name = '', uuid = ''] = path.split('/');
  return { partition, region, accountId, name, uuid };
}

/** The physical id of a new resource. The same request always gets the same id, however often it is delivered. */
export function newPhysicalId(address: ResourceAddress, requestId: string): string {
  return physicalId(address, `${address.stackId} ${address.logicalId} ${requestId}`);
}

/**
 * The physical id of what replaces the resource `id`. It follows from the old id alone, so that every later operation
 * on the old resource can find, and remove, what a replacement that failed has left.
 */
export function successorId(address: ResourceAddress, id: string): string {
  return physicalId(address, `successor of ${id}`);
}

/** Beginning of all physical ids of one logical resource. */
export function idPrefix(address: ResourceAddress): string {
  return `${parseStackId(address.stackId).name}-${address.logicalId.slice(0, MAX_LOGICAL_ID_LENGTH)}-`;
}

/**
 * Whether an id is one of ours, for whichever stack and logical id it was made (a stack refactoring moves resources).
 * CloudFormation makes up its own id for a resource whose creation it cancelled.
 */
export function isPhysicalId(id: string): boolean {
  const body = id.slice(0, -CHECK_LENGTH);
  return /-[0-9a-f]{12}$/.test(body) && id.slice(-CHECK_LENGTH) === digest(body, CHECK_LENGTH);
}

/** Value of the owner tag: at most 256 characters, beginning with the stack's name, on which permissions are granted. */
export function ownerOf(address: ResourceAddress): string {
  const { name, uuid } = parseStackId(address.stackId);
  const owner = `${name}/${uuid}/${address.logicalId}`;
  return owner.length <= 256 ? owner : `${owner.slice(0, 256 - HASH_LENGTH - 1)}-${digest(owner, HASH_LENGTH)}`;
}

function physicalId(address: ResourceAddress, seed: string): string {
  const body = `${idPrefix(address)}${digest(seed, HASH_LENGTH)}`;
  return `${body}${digest(body, CHECK_LENGTH)}`;
}
