import { createHash, sign } from 'node:crypto';
import { type KeyPair, KeyPairs } from '../crypto/key-pairs';
import { certificateFor } from './saml-certificate';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/';
export const SIGN_IN = 'https://signin.aws.amazon.com/saml';

/** What an assertion says; the defaults are right, at the time given. */
export interface AssertionOptions {
  readonly now: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly subject?: string;
  readonly format?: string;
  readonly issuedMs?: number;
  readonly notBeforeMs?: number;
  readonly notOnOrAfterMs?: number;
  readonly sessionMs?: number;
  readonly status?: string;
  /** Names without the prefix of AWS. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** What happens to the document before it is signed: after it, `forge`. */
  readonly algorithms?: (signedInfo: string) => string;
  readonly forge?: (document: string) => string;
}

/** A SAML identity provider of a test. It writes canonical XML by itself, so that the sandbox's own form is put to proof. */
export class SamlIssuer {
  readonly entityId = 'https://idp.example.com/saml';
  private readonly pair: KeyPair;

  constructor(purpose = 'saml') {
    this.pair = new KeyPairs(purpose).next('RSA_2048');
  }

  certificate(): Promise<string> {
    return certificateFor(this.pair);
  }

  /** What it says of itself. */
  async metadata(): Promise<string> {
    const base64 = (await this.certificate()).replace(/-----[A-Z ]+-----|\s/g, '');
    return (
      '<?xml version="1.0"?>\n' +
      `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${this.entityId}">` +
      '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
      `<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${DS}"><ds:X509Data>` +
      `<ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>` +
      '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/"/>' +
      '</IDPSSODescriptor></EntityDescriptor>\n'
    );
  }

  /** In base 64, as AssumeRoleWithSAML takes it. */
  response(options: AssertionOptions): string {
    const assertion = this.assertion(options);
    const signed = assertion.replace('</saml:Issuer>', `</saml:Issuer>${this.signature(assertion, options)}`);
    const status = options.status ?? 'Success';
    const document =
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0">' +
      `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>` +
      `${signed}</samlp:Response>`;
    return Buffer.from((options.forge ?? ((text) => text))(document)).toString('base64');
  }

  private assertion(options: AssertionOptions): string {
    const { now, audience = SIGN_IN, recipient = SIGN_IN, subject = 'ann', format = 'persistent' } = options;
    const at = (ms: number) => new Date(now + ms).toISOString();
    const end = at(options.notOnOrAfterMs ?? 300_000);
    const session = options.sessionMs === undefined ? '' : ` SessionNotOnOrAfter="${at(options.sessionMs)}"`;
    return (
      `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion" IssueInstant="${at(options.issuedMs ?? 0)}" Version="2.0">` +
      `<saml:Issuer>${options.issuer ?? this.entityId}</saml:Issuer>` +
      `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:${format}">${subject}</saml:NameID>` +
      '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
      `<saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${recipient}"></saml:SubjectConfirmationData>` +
      '</saml:SubjectConfirmation></saml:Subject>\n' +
      `<saml:Conditions NotBefore="${at(options.notBeforeMs ?? 0)}" NotOnOrAfter="${end}">` +
      `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
      `<saml:AttributeStatement>${attributes(options.attributes)}</saml:AttributeStatement>` +
      `<saml:AuthnStatement AuthnInstant="${at(0)}"${session}></saml:AuthnStatement>` +
      '</saml:Assertion>'
    );
  }

  private signature(assertion: string, { algorithms = (text) => text }: AssertionOptions): string {
    const digest = createHash('sha256').update(assertion).digest('base64');
    const info = algorithms(
      `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>` +
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>' +
        `<ds:Reference URI="#_assertion"><ds:Transforms><ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform>` +
        `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>` +
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>' +
        `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
    );
    const value = sign('sha256', Buffer.from(info), this.pair.privateKey).toString('base64');
    // In the document the namespace stands at the signature.
    const inside = info.replace(` xmlns:ds="${DS}"`, '');
    return `<ds:Signature xmlns:ds="${DS}">${inside}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  }
}

function attributes(all: AssertionOptions['attributes']): string {
  return Object.entries(all)
    .map(([name, values]) => {
      const inside = values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('');
      return `<saml:Attribute Name="${ATTRIBUTES}${name}">${inside}</saml:Attribute>`;
    })
    .join('');
}
