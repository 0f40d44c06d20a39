import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { WebIdentityIssuer } from '../../../../sandbox/issuers/web-identity-issuer';
import { ACCOUNT, errorOf, StsLab, trustOf } from './lab';

const NAME = 'token.example.com/tenant';
const issuer = new WebIdentityIssuer(`https://${NAME}`);
const stranger = new WebIdentityIssuer(`https://${NAME}`, 'web-identity-stranger');

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start();
  const { url, jwks } = issuer;
  const { arn: Federated } = lab.iam.identityProviders.createOpenIdConnect({
    accountId: ACCOUNT,
    url,
    jwks,
    clientIds: ['app-1', 'app-2'],
    verdict: ({ jti }) => (jti === 'revoked' ? 'rejected' : jti === 'lost' ? 'unreachable' : 'accepted'),
  });
  const trust = trustOf({ Federated }, { Action: 'sts:AssumeRoleWithWebIdentity' });
  lab.iam.createRole({ accountId: ACCOUNT, name: 'Web', trust });
});

afterEach(() => StsLab.stopAll());

/** Times are in virtual time, which the clock tells. */
function claims(more: object = {}) {
  const now = Math.floor(lab.clock.now() / 1000);
  return { aud: 'app-1', sub: 'repo:shop', iat: now, exp: now + 600, ...more };
}

function assume(WebIdentityToken: string) {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/Web`;
  const command = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'web', WebIdentityToken });
  return lab.stranger().send(command);
}

it.each<[string, () => string, string, string]>([
  ['is no token', () => 'abcd', 'InvalidIdentityTokenException', 'not a valid JWT'],
  [
    'was changed',
    () => issuer.token(claims()).replace(/.(.{20})$/, 'A$1'),
    'InvalidIdentityTokenException',
    'signature',
  ],
  ['was signed by another', () => stranger.token(claims()), 'InvalidIdentityTokenException', 'signature'],
  [
    'has no signature',
    () => issuer.token(claims(), 'RS256', { alg: 'none' }),
    'InvalidIdentityTokenException',
    'signature',
  ],
  ['takes the key for a secret', () => issuer.confused(claims()), 'InvalidIdentityTokenException', 'signature'],
  [
    'names another key',
    () => issuer.token(claims(), 'RS256', { kid: 'x' }),
    'InvalidIdentityTokenException',
    'signature',
  ],
  [
    'has the key of another algorithm',
    () => issuer.token(claims(), 'RS256', { kid: 'ES256' }),
    'InvalidIdentityTokenException',
    'signature',
  ],
  [
    'is of an issuer that nobody registered',
    () => issuer.token(claims({ iss: 'https://x.example' })),
    'InvalidIdentityTokenException',
    'No OpenIDConnect provider',
  ],
  [
    'is of an issuer without TLS',
    () => issuer.token(claims({ iss: `http://${NAME}` })),
    'InvalidIdentityTokenException',
    'No OpenIDConnect provider',
  ],
  [
    'is for another audience',
    () => issuer.token(claims({ aud: ['app-3'] })),
    'InvalidIdentityTokenException',
    'audience',
  ],
  [
    'was made for another party',
    () => issuer.token(claims({ azp: 'app-3' })),
    'InvalidIdentityTokenException',
    'audience',
  ],
  ['has no subject', () => issuer.token(claims({ sub: undefined })), 'InvalidIdentityTokenException', 'sub'],
  ['has no end', () => issuer.token(claims({ exp: undefined })), 'InvalidIdentityTokenException', 'exp'],
  ['has a time in words', () => issuer.token(claims({ exp: 'soon' })), 'InvalidIdentityTokenException', 'exp'],
  ['has expired', () => issuer.token(claims({ exp: 1_893_455_999 })), 'ExpiredTokenException', 'expired'],
  [
    'is not valid yet',
    () => issuer.token(claims({ nbf: 1_893_460_000 })),
    'InvalidIdentityTokenException',
    'not valid before',
  ],
  ['was revoked', () => issuer.token(claims({ jti: 'revoked' })), 'IDPRejectedClaimException', 'rejected'],
  ['cannot be asked about', () => issuer.token(claims({ jti: 'lost' })), 'IDPCommunicationErrorException', 'reached'],
])('a token is refused that %s', async (_, token, name, message) => {
  expect(await errorOf(assume(token()))).toMatchObject({ name, message: expect.stringContaining(message) });
});
