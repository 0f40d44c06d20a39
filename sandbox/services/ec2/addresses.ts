import { refused } from './errors';

/** A block of IPv4 addresses as numbers. */
export interface Block {
  readonly first: number;
  readonly size: number;
}

/** Of a subnet, the first four addresses and the last. Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED = { first: 4, last: 1 };

/** Both VPCs and subnets are /16 to /28. Source: as above. */
const PREFIX = { min: 16, max: 28 };

export function parseBlock(cidr: string, code: 'InvalidVpc.Range' | 'InvalidSubnet.Range'): Block {
  const [address = '', prefixText = ''] = cidr.split('/');
  const first = addressNumber(address);
  const prefix = Number(prefixText);
  if (first === undefined || !/^\d+$/.test(prefixText) || prefix < PREFIX.min || prefix > PREFIX.max) {
    throw refused(code, `The CIDR '${cidr}' is invalid.`);
  }
  const size = 2 ** (32 - prefix);
  return { first: first - (first % size), size };
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}

export function overlaps(a: Block, b: Block): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** How many addresses of a subnet can be given to network interfaces. */
export function usable(block: Block): number {
  return block.size - RESERVED.first - RESERVED.last;
}

/** The address that was asked for, or the lowest that is free. AWS takes any; the lowest is the same in each run. */
export function pickAddress(block: Block, taken: ReadonlySet<string>, wanted?: string): string {
  if (wanted !== undefined) return checkedAddress(block, taken, wanted);
  for (let offset = RESERVED.first; offset < block.size - RESERVED.last; offset++) {
    const address = dotted(block.first + offset);
    if (!taken.has(address)) return address;
  }
  throw refused(
    'InsufficientFreeAddressesInSubnet',
    'The specified subnet does not have enough free addresses to satisfy the request.',
  );
}

function checkedAddress(block: Block, taken: ReadonlySet<string>, wanted: string): string {
  const number = addressNumber(wanted);
  if (number === undefined) throw refused('InvalidParameterValue', `invalid value for parameter address: ${wanted}`);
  const offset = number - block.first;
  if (offset < 0 || offset >= block.size) {
    throw refused('InvalidParameterValue', `Address ${wanted} does not fall within the subnet's address range`);
  }
  if (offset < RESERVED.first || offset >= block.size - RESERVED.last) {
    throw refused('InvalidParameterValue', `Address ${wanted} is in subnet's reserved address range`);
  }
  if (taken.has(wanted)) throw refused('InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
  return wanted;
}

function addressNumber(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
