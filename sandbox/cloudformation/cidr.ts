import { TemplateError } from './template-error';

/** `Fn::Cidr` for IPv4: the first `count` blocks of `hostBits` bits in `block`. */
export function cidrBlocks(block: string, count: number, hostBits: number, path: string): string[] {
  const parsed = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  const numbers = (parsed ?? []).slice(1).map(Number);
  const prefix = numbers[4] ?? Number.NaN;
  if (parsed === null || numbers.slice(0, 4).some((part) => part > 255) || prefix > 32) {
    throw new TemplateError(`${path} needs an IPv4 block such as 10.0.0.0/16, got ${block}`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new TemplateError(`${path} can make between 1 and 256 blocks, not ${count}`);
  }
  const size = 2 ** hostBits;
  if (!Number.isInteger(hostBits) || hostBits < 0 || count * size > 2 ** (32 - prefix)) {
    throw new TemplateError(`${path}: ${count} blocks of ${hostBits} bits do not fit into ${block}`);
  }
  const address = numbers.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const start = address - (address % 2 ** (32 - prefix));
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * size)}/${32 - hostBits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
