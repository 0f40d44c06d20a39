import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ServiceError } from '../services/service';
import { limitExceeded, noSuchEntity } from './quotas';

/** Who issues web identity tokens that an account, or AWS itself, accepts. */
export interface OpenIdConnectProvider {
  /** What trust policies name: the provider's ARN, or the host name of one that AWS knows by itself. */
  readonly principal: string;
  /** The issuer without `https://`: what condition keys of its tokens begin with. */
  readonly name: string;
  /** The audiences that tokens may be for; any where AWS knows the provider by itself. */
  readonly clientIds?: ReadonlySet<string>;
  /** Absent where AWS finds none at the issuer's address. */
  readonly keys?: readonly VerificationKey[];
  readonly verdict: (claims: Readonly<Record<string, unknown>>) => Verdict;
}

export interface VerificationKey {
  readonly id?: string;
  readonly key: KeyObject;
}

/** What the provider says when AWS asks it about a token. */
export type Verdict = 'accepted' | 'rejected' | 'unreachable';

export interface NewOpenIdConnectProvider {
  readonly accountId: string;
  /** Such as `https://token.example.com/tenant`. */
  readonly url: string;
  readonly clientIds: readonly string[];
  /** What it publishes to verify its tokens with. @default what {@link IdentityProviders.publishKeys} was told */
  readonly jwks?: JsonWebKeySet;
  /** @default every token is accepted */
  readonly verdict?: OpenIdConnectProvider['verdict'];
}

export interface JsonWebKeySet {
  readonly keys: readonly JsonWebKey[];
}

export interface SamlProvider {
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  /** The `entityID` of its metadata: the issuer of its assertions. */
  readonly entityId: string;
  readonly keys: readonly KeyObject[];
}

export interface NewSamlProvider extends SamlMetadata {
  readonly accountId: string;
  readonly name: string;
}

/** What a provider says of itself. */
export interface SamlMetadata {
  readonly entityId: string;
  /** PEM. AWS reads them from the metadata document. Whether they have expired is not looked at. */
  readonly certificates: readonly string[];
}

/** Identity providers of all accounts, and those that AWS knows by itself. */
export class IdentityProviders {
  private readonly openIdConnect = new Map<string, OpenIdConnectProvider>();
  private readonly published = new Map<string, readonly VerificationKey[]>();
  private readonly saml = new Map<string, SamlProvider>();

  constructor(private readonly partition: string) {}

  /** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
  createOpenIdConnect(provider: NewOpenIdConnectProvider): { readonly arn: string } {
    const { accountId, url, clientIds } = provider;
    if (!/^https:\/\/[^?#]+$/.test(url) || url.length > 255) {
      throw new ServiceError(
        'InvalidInput',
        `Invalid Open ID Connect provider URL '${url}': it must begin with https://`,
      );
    }
    const name = nameOf(url);
    const arn = `arn:${this.partition}:iam::${accountId}:oidc-provider/${name}`;
    this.add(`${accountId} ${name}`, { ...provider, principal: arn, name, clientIds: checkedClientIds(clientIds) });
    return { arn };
  }

  /** Replaces the audiences. */
  updateOpenIdConnect(arn: string, clientIds: readonly string[]): void {
    const found = [...this.openIdConnect].find(([, { principal }]) => principal === arn);
    if (found === undefined) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
    this.openIdConnect.set(found[0], { ...found[1], clientIds: checkedClientIds(clientIds) });
  }

  /**
   * What an issuer shows at its address from now on, in the place of what it showed before: nobody registers keys with AWS,
   * which fetches them from there.
   */
  publishKeys(url: string, jwks: JsonWebKeySet): void {
    this.published.set(nameOf(url), verificationKeys(jwks));
  }

  /** `cognito-identity.amazonaws.com` and its like, which no account has to register; in the place of what it was before. */
  createShared(provider: Pick<NewOpenIdConnectProvider, 'jwks' | 'verdict'> & { readonly host: string }): void {
    this.openIdConnect.delete(provider.host);
    this.add(provider.host, { ...provider, principal: provider.host, name: provider.host });
  }

  /** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html */
  createSaml({ accountId, name, entityId, certificates }: NewSamlProvider): SamlProvider {
    if (!/^[\w.-]{1,128}$/.test(name)) throw new ServiceError('InvalidInput', `Invalid SAML provider name '${name}'`);
    const arn = `arn:${this.partition}:iam::${accountId}:saml-provider/${name}`;
    if (this.saml.has(arn)) throw alreadyExists(name);
    const created: SamlProvider = { arn, accountId, name, entityId, keys: publicKeys(certificates) };
    this.saml.set(arn, created);
    return created;
  }

  /** Replaces the metadata. */
  updateSaml(arn: string, { entityId, certificates }: SamlMetadata): void {
    const provider = this.saml.get(arn);
    if (provider === undefined) throw noSuchEntity(`Manifest not found for arn ${arn}`);
    this.saml.set(arn, { ...provider, entityId, keys: publicKeys(certificates) });
  }

  deleteSaml(arn: string): void {
    this.saml.delete(arn);
  }

  samlProvider(arn: string): SamlProvider | undefined {
    return this.saml.get(arn);
  }

  /** The provider of that issuer in an account, or everywhere. */
  openIdConnectProvider(accountId: string, issuer: string): OpenIdConnectProvider | undefined {
    const name = nameOf(issuer);
    const provider = this.openIdConnect.get(`${accountId} ${name}`) ?? this.openIdConnect.get(name);
    return provider && { keys: this.published.get(name), ...provider };
  }

  deleteOpenIdConnect(arn: string): void {
    for (const [key, { principal }] of this.openIdConnect) if (principal === arn) this.openIdConnect.delete(key);
  }

  private add(
    key: string,
    provider: Omit<OpenIdConnectProvider, 'keys' | 'verdict'> & Pick<NewOpenIdConnectProvider, 'jwks' | 'verdict'>,
  ): void {
    if (this.openIdConnect.has(key)) throw alreadyExists(provider.name);
    const { principal, name, clientIds, jwks, verdict = () => 'accepted' as const } = provider;
    const keys = jwks && { keys: verificationKeys(jwks) };
    this.openIdConnect.set(key, { principal, name, ...(clientIds && { clientIds }), ...keys, verdict });
  }
}

function verificationKeys({ keys }: JsonWebKeySet): readonly VerificationKey[] {
  return keys.map((jwk) => ({
    ...(typeof jwk.kid === 'string' && { id: jwk.kid }),
    key: createPublicKey({ key: jwk, format: 'jwk' }),
  }));
}

function publicKeys(certificates: readonly string[]): readonly KeyObject[] {
  return certificates.map((pem) => new X509Certificate(pem).publicKey);
}

function checkedClientIds(clientIds: readonly string[]): ReadonlySet<string> {
  if (clientIds.length > CLIENT_IDS) {
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${CLIENT_IDS}`);
  }
  return new Set(clientIds);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const CLIENT_IDS = 100;

function nameOf(issuer: string): string {
  return issuer.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function alreadyExists(name: string): ServiceError {
  return new ServiceError('EntityAlreadyExists', `Provider with name ${name} already exists.`, 409);
}
