import { createHash } from 'node:crypto';
import type { SamlProvider } from '../../iam/identity-providers';
import type { Context } from '../../iam/principal';
import {
  checkedSourceIdentity,
  expiredToken,
  type FederatedIdentity,
  federatedTags,
  invalidIdentityToken,
} from './federated-trust';
import { SAML } from './saml-response';
import { attributeOf, childrenOf, textOf, type XmlElement } from './xml-tree';

/** What a verified assertion says. */
export interface SamlIdentity extends FederatedIdentity {
  readonly subject: string;
  readonly subjectType: string;
  readonly issuer: string;
  /** Where the response was to be delivered. */
  readonly recipient: string;
  readonly nameQualifier: string;
  /** Pairs of a role and a provider, as the attribute has them. */
  readonly roles: ReadonlyArray<readonly string[]>;
  readonly sessionSeconds?: number;
  /** Milliseconds since the epoch: when the session at the provider ends. */
  readonly sessionEnd?: number;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
export function readAssertion(assertion: XmlElement, provider: SamlProvider, now: number): SamlIdentity {
  const issuer = textOf(only(assertion, 'Issuer'));
  if (issuer !== provider.entityId) throw invalidIdentityToken('Issuer not present in specified provider');
  checkIssuance(assertion, now);
  checkConditions(only(assertion, 'Conditions'), now);
  const nameId = only(only(assertion, 'Subject'), 'NameID');
  const subject = textOf(nameId);
  const subjectType = (attributeOf(nameId, 'Format') ?? '').replace('urn:oasis:names:tc:SAML:2.0:nameid-format:', '');
  const recipient = confirmedRecipient(only(assertion, 'Subject'), now);
  const nameQualifier = createHash('sha1').update(`${issuer}${provider.accountId}/${provider.name}`).digest('base64');
  return {
    ...claimsOf(assertion),
    ...contextsOf(provider, { subject, subjectType, issuer, recipient, nameQualifier }),
    provider: provider.arn,
    subject,
    subjectType,
    issuer,
    recipient,
    nameQualifier,
    sessionEnd: instant(only(assertion, 'AuthnStatement'), 'SessionNotOnOrAfter'),
  };
}

/** Keys for trust policies, and those of them that the session's later requests have as well: who the user is. */
function contextsOf(
  { arn, accountId, name }: SamlProvider,
  said: Pick<SamlIdentity, 'subject' | 'subjectType' | 'issuer' | 'recipient' | 'nameQualifier'>,
): { readonly identity: Context; readonly trustContext: Context } {
  const identity = {
    'aws:FederatedProvider': arn,
    'saml:namequalifier': said.nameQualifier,
    'saml:sub': said.subject,
    'saml:sub_type': said.subjectType,
  };
  const trustContext = { 'saml:aud': said.recipient, 'saml:iss': said.issuer, 'saml:doc': `${accountId}/${name}` };
  return { identity, trustContext };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html */
const REDEMPTION_MS = 5 * 60_000;

function checkIssuance(assertion: XmlElement, now: number): void {
  const issued = instant(assertion, 'IssueInstant');
  if (issued === undefined || issued > now) throw invalidIdentityToken('The assertion was not issued before now');
  if (now - issued > REDEMPTION_MS) throw expiredToken('Token must be redeemed within 5 minutes of issuance');
}

function checkConditions(conditions: XmlElement, now: number): void {
  checkValidity(conditions, now);
  const audiences = childrenOf(conditions, SAML, 'AudienceRestriction').map((restriction) =>
    childrenOf(restriction, SAML, 'Audience').map(textOf),
  );
  // The restrictions all have to hold, each by one of its audiences.
  const meant = audiences.length > 0 && audiences.every((names) => names.some((name) => AUDIENCE.test(name)));
  if (!meant) throw invalidIdentityToken('Response does not contain the required audience.');
}

/** Of all partitions, with a region or without. */
const SIGN_IN = /^https:\/\/([\w-]+\.)?signin\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/saml$/;
const AUDIENCE = new RegExp(`${SIGN_IN.source}|^urn:amazon:webservices(:[\\w-]+)?$`);

/** Of the confirmation that whoever bears the assertion is its subject. */
function confirmedRecipient(subject: XmlElement, now: number): string {
  const bearers = childrenOf(subject, SAML, 'SubjectConfirmation').filter(
    (confirmation) => attributeOf(confirmation, 'Method') === 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
  );
  const data = bearers.length === 1 ? only(bearers[0]!, 'SubjectConfirmationData') : undefined;
  const recipient = data && attributeOf(data, 'Recipient');
  if (data === undefined || recipient === undefined || !SIGN_IN.test(recipient)) {
    throw invalidIdentityToken('Response does not contain the required recipient.');
  }
  if (instant(data, 'NotOnOrAfter') === undefined) throw invalidIdentityToken('NotOnOrAfter is required');
  checkValidity(data, now);
  return recipient;
}

function checkValidity(element: XmlElement, now: number): void {
  const start = instant(element, 'NotBefore');
  const end = instant(element, 'NotOnOrAfter');
  if (start !== undefined && now < start) throw invalidIdentityToken('The assertion is not valid yet');
  if (end !== undefined && now >= end) throw expiredToken('The assertion has expired');
}

const ATTRIBUTE = 'https://aws.amazon.com/SAML/Attributes/';

function claimsOf(assertion: XmlElement) {
  const attributes = attributesOf(assertion);
  const first = (name: string) => attributes.get(`${ATTRIBUTE}${name}`)?.[0];
  const tags = [...attributes].flatMap(([name, values]) =>
    name.startsWith(`${ATTRIBUTE}PrincipalTag:`)
      ? [[name.slice(`${ATTRIBUTE}PrincipalTag:`.length), values[0] ?? ''] as const]
      : [],
  );
  return {
    roles: (attributes.get(`${ATTRIBUTE}Role`) ?? []).map((pair) => pair.split(',').map((arn) => arn.trim())),
    sessionName: checkedSessionName(first('RoleSessionName')),
    sessionSeconds: checkedDuration(first('SessionDuration')),
    sourceIdentity: checkedSourceIdentity(first('SourceIdentity')),
    tags: federatedTags(tags, attributes.get(`${ATTRIBUTE}TransitiveTagKeys`) ?? []),
  };
}

function attributesOf(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = childrenOf(assertion, SAML, 'AttributeStatement').flatMap((statement) =>
    childrenOf(statement, SAML, 'Attribute'),
  );
  return new Map(
    attributes.map((attribute) => [
      attributeOf(attribute, 'Name') ?? '',
      childrenOf(attribute, SAML, 'AttributeValue').map(textOf),
    ]),
  );
}

function checkedSessionName(name: string | undefined): string {
  if (name === undefined) throw invalidIdentityToken('RoleSessionName is required in AuthnResponse');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw invalidIdentityToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}');
}

function checkedDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 900 && seconds <= 43_200) return seconds;
  throw invalidIdentityToken('SessionDuration in AuthnResponse must be an integer between 900 and 43200');
}

function only(element: XmlElement, local: string): XmlElement {
  const found = childrenOf(element, SAML, local);
  if (found.length === 1) return found[0]!;
  throw invalidIdentityToken(`${element.local} must have one ${local} in AuthnResponse, and has ${found.length}`);
}

/** Milliseconds since the epoch. SAML's times are in UTC. */
function instant(element: XmlElement, name: string): number | undefined {
  const text = attributeOf(element, name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalidIdentityToken(`${name} in AuthnResponse is no time in UTC: ${text}`);
  return time;
}
