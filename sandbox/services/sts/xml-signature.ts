import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { canonicalize } from './exclusive-canonicalization';
import { attributeOf, childrenOf, descendantsOf, textOf, UnreadableXml, type XmlElement } from './xml-tree';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${DS}enveloped-signature`;
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

/**
 * Whether the element carries a signature over itself by one of the keys. Exactly one way to sign is understood: RSA with
 * SHA-256, exclusive canonicalization, one reference to the element that the signature stands in. Any other throws
 * {@link UnreadableXml}; the key that the signature brings along is not looked at.
 * Source: https://www.w3.org/TR/xmldsig-core1/
 */
export function isSigned(root: XmlElement, element: XmlElement, keys: readonly KeyObject[]): boolean {
  const signatures = descendantsOf(root).filter(({ namespace, local }) => namespace === DS && local === 'Signature');
  const [signature] = childrenOf(element, DS, 'Signature');
  if (signature === undefined) return false;
  if (signatures.length > 1) throw new UnreadableXml('the sandbox reads one signature, that of the assertion');
  const info = only(signature, 'SignedInfo');
  checkMethods(info);
  const reference = only(info, 'Reference');
  checkReference(root, element, reference);

  const digest = createHash('sha256').update(canonicalize(element, signature)).digest();
  if (!equal(digest, base64(only(reference, 'DigestValue')))) return false;
  const signed = Buffer.from(canonicalize(info));
  const value = base64(only(signature, 'SignatureValue'));
  return keys.some((key) => key.asymmetricKeyType === 'rsa' && verify('sha256', signed, key, value));
}

function checkMethods(info: XmlElement): void {
  checkAlgorithm(only(info, 'CanonicalizationMethod'), EXCLUSIVE);
  checkAlgorithm(only(info, 'SignatureMethod'), RSA_SHA256);
}

/** Ids must be unique: else one element is verified, and another one read. */
function checkReference(root: XmlElement, element: XmlElement, reference: XmlElement): void {
  const id = attributeOf(element, 'ID');
  const same = descendantsOf(root).filter((other) => attributeOf(other, 'ID') === id);
  if (id === undefined || same.length !== 1 || attributeOf(reference, 'URI') !== `#${id}`) {
    throw new UnreadableXml('the signature does not refer to the element that it stands in');
  }
  checkAlgorithm(only(reference, 'DigestMethod'), SHA256);
  const transforms = childrenOf(only(reference, 'Transforms'), DS, 'Transform');
  if (transforms.length !== 2) throw new UnreadableXml('the sandbox reads signatures with two transforms');
  checkAlgorithm(transforms[0]!, ENVELOPED);
  checkAlgorithm(transforms[1]!, EXCLUSIVE);
}

/** A method with parameters, such as a list of inclusive namespaces, is another method. */
function checkAlgorithm(method: XmlElement, wanted: string): void {
  const algorithm = attributeOf(method, 'Algorithm');
  if (algorithm === wanted && method.children.every((child) => typeof child === 'string')) return;
  throw new UnreadableXml(`the sandbox reads ${method.local} '${wanted}' without parameters, not '${algorithm}'`);
}

function only(element: XmlElement, local: string): XmlElement {
  const found = childrenOf(element, DS, local);
  if (found.length === 1) return found[0]!;
  throw new UnreadableXml(`${element.name} has ${found.length} elements ${local}, not one`);
}

function base64(element: XmlElement): Buffer {
  return Buffer.from(textOf(element), 'base64');
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
