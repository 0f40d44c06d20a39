import type { AsymmetricSpec, KeyPair } from '../../crypto/key-pairs';

/** What Private CA remembers in an account and region. */
export interface AcmPcaState {
  /** By ARN. */
  readonly authorities: Map<string, Authority>;
}

/** A root authority, which has been active from its beginning. */
export interface Authority {
  readonly arn: string;
  /** As an X.509 name, such as `CN=Root,O=Example`. */
  readonly subject: string;
  readonly spec: AsymmetricSpec;
  readonly keys: KeyPair;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** PEM of the root certificate. */
  certificate?: Promise<string>;
  /** By ARN. */
  readonly issued: Map<string, Issued>;
}

export interface Issued {
  readonly arn: string;
  readonly token?: string;
  readonly requestedAt: number;
  readonly pem: string;
}
