import { createHmac, sign } from 'node:crypto';
import { type AsymmetricSpec, KeyPairs } from '../crypto/key-pairs';

/** An OpenID Connect provider of a test: it has keys, and makes tokens. */
export class WebIdentityIssuer {
  private readonly keys: Record<'RS256' | 'ES256', ReturnType<KeyPairs['next']>>;

  constructor(
    readonly url: string,
    purpose = 'web-identity',
  ) {
    const pairs = new KeyPairs(purpose);
    const next = (spec: AsymmetricSpec) => pairs.next(spec);
    this.keys = { RS256: next('RSA_2048'), ES256: next('ECC_NIST_P256') };
  }

  /** What it publishes. */
  get jwks() {
    return {
      keys: Object.entries(this.keys).map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid })),
    };
  }

  token(claims: object, algorithm: 'RS256' | 'ES256' = 'RS256', header: object = {}): string {
    const signed = [
      { typ: 'JWT', alg: algorithm, kid: algorithm, ...header },
      { iss: this.url, ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const { privateKey } = this.keys[algorithm];
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** Signed with the public key as if it were a secret: the classic confusion. */
  confused(claims: object): string {
    const signed = [
      { alg: 'HS256', kid: 'RS256' },
      { iss: this.url, ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const secret = this.keys.RS256.publicKey.export({ format: 'pem', type: 'spki' });
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }
}
