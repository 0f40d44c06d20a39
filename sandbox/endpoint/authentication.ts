import type { Credentials, Session } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Principal } from '../iam/principal';
import type { Clock } from '../kernel/clock';
import type { HttpRequest } from './http';
import type { Problem } from './problems';
import { type Authorization, signatureOf, signingTime } from './signature';

/** Why a request's signature does not count. */
export class AuthenticationFailure extends Error {
  constructor(
    readonly kind: Problem,
    message: string,
  ) {
    super(message);
  }
}

/** Finds out who signed a request, and that nobody else did. Throws {@link AuthenticationFailure}. */
export function authenticate(
  request: HttpRequest,
  authorization: Authorization,
  authorities: { readonly credentials: Credentials; readonly iam: Iam; readonly clock: Clock },
): Principal {
  const { credentials, iam, clock } = authorities;
  const session = credentials.find(authorization.accessKeyId);
  const usable = session !== undefined && session.inactive !== true && ownerStands(session.principal, iam);
  if (!usable || !hasToken(request, session)) {
    throw new AuthenticationFailure('unknown-key', 'The security token included in the request is invalid.');
  }
  if (session.expiration !== undefined && session.expiration.getTime() <= clock.now()) {
    throw new AuthenticationFailure('expired-token', 'The security token included in the request is expired');
  }
  checkTime(request, authorization, session.principal, clock);
  checkSignature(request, authorization, session);
  return session.principal;
}

function hasToken(request: HttpRequest, session: Session): boolean {
  return request.headers['x-amz-security-token'] === session.sessionToken;
}

/** Credentials die with their role or user, and one that is made anew is another one. */
function ownerStands({ roleArn, user, userId }: Principal, iam: Iam): boolean {
  if (user !== undefined) return user.id === iam.users.user(user.arn)?.userId;
  return roleArn === undefined || userId.split(':')[0] === iam.role(roleArn)?.roleId;
}

/** Source: https://docs.aws.amazon.com/general/latest/gr/signature-v4-troubleshooting.html */
const MAX_SKEW_MS = 15 * 60_000;

function checkTime(request: HttpRequest, authorization: Authorization, principal: Principal, clock: Clock): void {
  const time = signingTime(request);
  if (Number.isNaN(time) || !request.headers['x-amz-date']!.startsWith(authorization.day)) {
    throw new AuthenticationFailure('bad-signature', 'The x-amz-date header must be given, and of the scope’s day.');
  }
  // Tests and command-line tools live in real time; functions are made to live in virtual time.
  if (principal.execution === undefined) return;
  const skew = time - clock.now();
  if (Math.abs(skew) <= MAX_SKEW_MS) return;
  const verdict = skew < 0 ? 'Signature expired' : 'Signature not yet current';
  throw new AuthenticationFailure('bad-signature', `${verdict}: ${new Date(time).toISOString()}, now ${clock.iso()}`);
}

function checkSignature(request: HttpRequest, authorization: Authorization, session: Session): void {
  const signed = authorization.signedHeaders;
  const needed = ['host', 'x-amz-date', ...(session.sessionToken === undefined ? [] : ['x-amz-security-token'])];
  const complete = needed.every((name) => signed.includes(name));
  if (complete && signatureOf(request, authorization, session.secretAccessKey) === authorization.signature) return;
  throw new AuthenticationFailure(
    'bad-signature',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method.',
  );
}
