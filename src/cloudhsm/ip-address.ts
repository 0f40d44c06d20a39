const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

export const IP_ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);

/** Whether an IPv4 address is of a CIDR block, `10.0.0.0/24`. */
export function isInBlock(address: string, block: string): boolean {
  const [network = '', length = '32'] = block.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}
