import { X509Certificate } from 'node:crypto';
import type { SamlMetadata } from '../../iam/identity-providers';
import { ServiceError } from '../service';
import { attributeOf, childrenOf, descendantsOf, parseXml, textOf, UnreadableXml, type XmlElement } from './xml-tree';

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html, `SAMLMetadataDocument` */
const LENGTH = { min: 1_000, max: 10_000_000 };

/** Reads who an identity provider is, and with which certificates its assertions are verified. */
export function readSamlMetadata(document: string): SamlMetadata {
  if (document.length < LENGTH.min || document.length > LENGTH.max) {
    throw new ServiceError(
      'ValidationError',
      "1 validation error detected: Value at 'sAMLMetadataDocument' failed to satisfy constraint: " +
        `Member must have a length from ${LENGTH.min} to ${LENGTH.max}, not ${document.length}`,
    );
  }
  const descriptor = descriptorOf(document);
  const entityId = attributeOf(descriptor, 'entityID') ?? '';
  const certificates = childrenOf(descriptor, METADATA, 'IDPSSODescriptor').flatMap(signingCertificates);
  if (entityId === '') throw unreadable('its EntityDescriptor has no entityID');
  if (certificates.length === 0) throw unreadable('it has no IDPSSODescriptor with a certificate to sign with');
  return { entityId, certificates };
}

function descriptorOf(document: string): XmlElement {
  try {
    const root = parseXml(document.trim());
    if (root.namespace === METADATA && root.local === 'EntityDescriptor') return root;
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error;
    throw unreadable(error.message);
  }
  throw unreadable('it is no EntityDescriptor of SAML 2.0');
}

/** Keys without a `use` are for signing, too. */
function signingCertificates(provider: XmlElement): readonly string[] {
  return childrenOf(provider, METADATA, 'KeyDescriptor')
    .filter((key) => [undefined, 'signing'].includes(attributeOf(key, 'use')))
    .flatMap(descendantsOf)
    .filter(({ namespace, local }) => namespace === SIGNATURE && local === 'X509Certificate')
    .map((element) => pemOf(textOf(element)));
}

function pemOf(base64: string): string {
  const lines = base64.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  try {
    new X509Certificate(pem);
  } catch {
    throw unreadable('one of its certificates is none');
  }
  return pem;
}

function unreadable(why: string): ServiceError {
  return new ServiceError('InvalidInput', `Could not parse metadata: ${why}`, 400);
}
