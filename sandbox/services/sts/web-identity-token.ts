import type { OpenIdConnectProvider } from '../../iam/identity-providers';
import type { Context } from '../../iam/principal';
import { ServiceError } from '../service';
import {
  checkedSourceIdentity,
  expiredToken,
  type FederatedIdentity,
  federatedTags,
  invalidIdentityToken,
} from './federated-trust';
import { isSignedBy, type JsonWebToken, parseJsonWebToken } from './json-web-token';
import type { StsOptions } from './sts-options';

/** What a verified token says. */
export interface WebIdentity extends Omit<FederatedIdentity, 'sessionName'> {
  readonly subject: string;
  readonly audience: string;
  readonly issuer: string;
}

/**
 * Verifies a token of an OpenID Connect provider that the account knows.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export function readWebIdentity(
  text: string,
  accountId: string,
  nowMs: number,
  { iam }: Pick<StsOptions, 'iam'>,
): WebIdentity {
  const token = parseJsonWebToken(text);
  if (token === undefined) throw invalidIdentityToken('The ID Token provided is not a valid JWT.');
  const issuer = textClaim(token, 'iss');
  const provider = /^https:\/\//.test(issuer)
    ? iam.identityProviders.openIdConnectProvider(accountId, issuer)
    : undefined;
  if (provider === undefined) {
    throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  }
  checkVerdict(provider, token);
  if (provider.keys === undefined) {
    throw invalidIdentityToken(
      "Couldn't retrieve verification key from your identity provider,  please reference " +
        'AssumeRoleWithWebIdentity documentation for requirements',
    );
  }
  if (!isSignedBy(token, provider.keys)) throw invalidIdentityToken("Couldn't verify the signature of the ID Token");
  checkTime(token, Math.floor(nowMs / 1000));
  const audience = checkedAudience(token, provider);
  return { ...identityOf(token, provider, audience), subject: textClaim(token, 'sub'), audience, issuer };
}

function checkVerdict({ verdict, name }: OpenIdConnectProvider, { claims }: JsonWebToken): void {
  switch (verdict(claims)) {
    case 'accepted':
      return;
    case 'rejected':
      throw new ServiceError('IDPRejectedClaim', `The identity provider ${name} rejected the claim`, 403);
    case 'unreachable':
      throw new ServiceError('IDPCommunicationError', `The identity provider ${name} could not be reached`, 400);
  }
}

function checkTime(token: JsonWebToken, now: number): void {
  const expiry = timeClaim(token, 'exp');
  if (expiry === undefined) throw invalidIdentityToken('Missing a required claim: exp');
  if (now >= expiry) {
    throw expiredToken(`Token expired: current date/time ${now} must be before the expiration date/time ${expiry}`);
  }
  const issued = timeClaim(token, 'iat');
  if (issued === undefined) throw invalidIdentityToken('Missing a required claim: iat');
  const start = Math.max(issued, timeClaim(token, 'nbf') ?? issued);
  if (start > now) throw invalidIdentityToken(`The ID Token is not valid before ${start}, now ${now}`);
}

/** The one that counts: with several, the party that the token was made for. */
function checkedAudience(token: JsonWebToken, { clientIds }: OpenIdConnectProvider): string {
  const audiences = [token.claims.aud].flat().filter((item) => typeof item === 'string');
  const party = token.claims.azp === undefined ? audiences : [textClaim(token, 'azp')];
  const audience = party.find((item) => clientIds === undefined || clientIds.has(item));
  if (audience === undefined) throw invalidIdentityToken('Incorrect token audience');
  return audience;
}

const TAGS_CLAIM = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity';

/**
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (federation keys),
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (claims of AWS)
 */
function identityOf(token: JsonWebToken, { principal, name }: OpenIdConnectProvider, audience: string) {
  const { claims } = token;
  const methods = [claims.amr ?? []].flat().map(String);
  const original = [claims.aud].flat().map(String);
  const identity: Context = {
    'aws:FederatedProvider': principal,
    [`${name}:aud`]: audience,
    [`${name}:sub`]: textClaim(token, 'sub'),
    [`${name}:amr`]: methods,
    ...(claims.azp !== undefined && { [`${name}:oaud`]: original }),
  };
  const tags = (claims[TAGS_CLAIM] ?? {}) as TagsClaim;
  const values = Object.entries(tags.principal_tags ?? {}).map(
    ([key, value]) => [key, [value].flat()[0] ?? ''] as const,
  );
  const source = claims[SOURCE_IDENTITY_CLAIM];
  return {
    provider: principal,
    identity,
    trustContext: {},
    tags: federatedTags(values, tags.transitive_tag_keys ?? []),
    sourceIdentity: checkedSourceIdentity(source === undefined ? undefined : String(source)),
  };
}

interface TagsClaim {
  readonly principal_tags?: Readonly<Record<string, string | readonly string[]>>;
  readonly transitive_tag_keys?: readonly string[];
}

function textClaim({ claims }: JsonWebToken, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidIdentityToken(`Missing a required claim: ${name}`);
}

/** Seconds since the epoch, "formatted as either an integer or a long integer". */
function timeClaim({ claims }: JsonWebToken, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw invalidIdentityToken(`The claim ${name} is not an integer`);
}
