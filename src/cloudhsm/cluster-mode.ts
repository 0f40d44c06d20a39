/** Which keys and algorithms the HSMs of a cluster allow. */
export enum ClusterMode {
  /** Only those that are approved by FIPS. */
  FIPS = 'FIPS',
  /** All that CloudHSM offers; needs `hsm2m.medium` or later. */
  NON_FIPS = 'NON_FIPS',
}
