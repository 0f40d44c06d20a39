/** Over which versions of IP clients reach the HSMs of a cluster. */
export enum NetworkType {
  /** IPv4 only. */
  IPV4 = 'IPV4',
  /** IPv4 and IPv6; the subnets must have both. */
  DUALSTACK = 'DUALSTACK',
}
