import { sign } from 'node:crypto';
import { type KeyPair, KeyPairs } from '../../crypto/key-pairs';
import type { Iam } from '../../iam/iam';
import type { World } from '../service';
import type { PoolPlace } from './identity-pools';
import { poolArn } from './pool-arn';

const HOST = 'cognito-identity.amazonaws.com';
const KEY_ID = 'cognito-1';

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
const VALID_SECONDS = 600;

/** Tokens in which Cognito says who is a guest of a pool. STS knows Cognito by itself, from its first token on. */
export class OpenIdTokens {
  private pair?: KeyPair;

  constructor(private readonly iam: Iam) {}

  forGuest(identityId: string, poolId: string, place: PoolPlace & { readonly world: World }): string {
    const now = Math.floor(place.world.clock.now() / 1000);
    const parts = [
      { kid: KEY_ID, typ: 'JWS', alg: 'RS512' },
      {
        iss: `https://${HOST}`,
        sub: identityId,
        aud: poolId,
        amr: ['unauthenticated'],
        [`https://${HOST}/identity-pool-arn`]: poolArn(place, poolId),
        iat: now,
        exp: now + VALID_SECONDS,
      },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${sign('sha512', Buffer.from(signed), this.known().privateKey).toString('base64url')}`;
  }

  /** A key takes a moment to make, which most sandboxes never need. */
  private known(): KeyPair {
    if (this.pair !== undefined) return this.pair;
    this.pair = new KeyPairs('cognito-identity').next('RSA_2048');
    const jwk = { ...this.pair.publicKey.export({ format: 'jwk' }), kid: KEY_ID };
    this.iam.identityProviders.createShared({ host: HOST, jwks: { keys: [jwk] } });
    return this.pair;
  }
}
