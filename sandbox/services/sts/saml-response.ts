import type { SamlProvider } from '../../iam/identity-providers';
import { ServiceError } from '../service';
import { invalidIdentityToken } from './federated-trust';
import { isSigned } from './xml-signature';
import { attributeOf, childrenOf, descendantsOf, parseXml, UnreadableXml, type XmlElement } from './xml-tree';

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/**
 * The assertion of a SAML response that the provider has signed. Nothing outside of it may be believed.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
 */
export function verifiedAssertion(encoded: string, provider: SamlProvider): XmlElement {
  try {
    const response = parseXml(Buffer.from(encoded, 'base64').toString('utf8'));
    if (response.namespace !== PROTOCOL || response.local !== 'Response') throw invalid();
    checkStatus(response);
    const assertion = onlyAssertion(response);
    if (!isSigned(response, assertion, provider.keys)) throw invalidIdentityToken('Response signature invalid');
    return assertion;
  } catch (error) {
    if (error instanceof UnreadableXml) throw invalidIdentityToken(`${invalid().message}: ${error.message}`);
    throw error;
  }
}

function checkStatus(response: XmlElement): void {
  const codes = childrenOf(response, PROTOCOL, 'Status').flatMap((status) =>
    childrenOf(status, PROTOCOL, 'StatusCode'),
  );
  const values = codes.map((code) => attributeOf(code, 'Value'));
  if (values.length === 1 && values[0] === SUCCESS) return;
  throw new ServiceError('IDPRejectedClaim', `The identity provider reported ${values.join(', ') || 'no status'}`, 403);
}

/** With two of them, one could be verified and the other one read. */
function onlyAssertion(response: XmlElement): XmlElement {
  const everywhere = descendantsOf(response).filter(({ local }) => /Assertion$/.test(local));
  const [assertion] = childrenOf(response, SAML, 'Assertion');
  if (assertion === undefined || everywhere.length !== 1) throw invalid();
  return assertion;
}

function invalid(): ServiceError {
  return invalidIdentityToken('Your request included an invalid SAML response');
}
