import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element with its names resolved. */
export interface XmlElement {
  /** With its prefix, as it stands in the text. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  /** All prefixes that mean something here; `''` for the default. */
  readonly scope: ReadonlyMap<string, string>;
  readonly children: ReadonlyArray<XmlElement | string>;
}

export interface XmlAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

/** A document that is not well-formed, or more than {@link parseXml} takes. */
export class UnreadableXml extends Error {}

/**
 * Reads XML that is plain enough to be put into canonical form without doubt. Refused are comments, sections, document types,
 * processing instructions, references to characters by number, and carriage returns.
 */
export function parseXml(text: string): XmlElement {
  const beyond = /<!|<\?(?!xml )|&#|\r/.exec(text);
  if (beyond !== null) throw new UnreadableXml(`the sandbox reads no '${JSON.stringify(beyond[0])}' in XML`);
  if (XMLValidator.validate(text) !== true) throw new UnreadableXml('the XML is not well-formed');
  const roots = (PARSER.parse(text) as readonly RawNode[]).filter((node) => !('#text' in node));
  if (roots.length !== 1) throw new UnreadableXml('the XML has not exactly one root element');
  return elementOf(roots[0]!, new Map());
}

/** Child elements of that name. */
export function childrenOf(element: XmlElement, namespace: string, local: string): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && child.namespace === namespace && child.local === local,
  );
}

/** The text of an element that has no elements. */
export function textOf(element: XmlElement): string {
  if (element.children.some((child) => typeof child !== 'string')) {
    throw new UnreadableXml(`the element ${element.name} has elements where text is wanted`);
  }
  return element.children.join('').trim();
}

export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((attribute) => attribute.prefix === '' && attribute.local === local)?.value;
}

/** The element and all below it. */
export function descendantsOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap((child) => (typeof child === 'string' ? [] : descendantsOf(child)))];
}

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** As the parser gives it: one key that is the element's name, and `:@` for its attributes. */
type RawNode = Readonly<Record<string, unknown>>;

function elementOf(node: RawNode, outer: ReadonlyMap<string, string>): XmlElement {
  const name = Object.keys(node).find((key) => key !== ':@')!;
  const raw = Object.entries((node[':@'] ?? {}) as Readonly<Record<string, string>>);
  const scope = new Map(outer);
  for (const [key, value] of raw) {
    if (key === 'xmlns') scope.set('', value);
    else if (key.startsWith('xmlns:')) scope.set(key.slice('xmlns:'.length), value);
  }
  const attributes = raw
    .filter(([key]) => key !== 'xmlns' && !key.startsWith('xmlns:'))
    .map(([key, value]) => ({ ...resolved(key, scope, ''), value }));
  const children = (node[name] as readonly RawNode[]).map((child) =>
    '#text' in child ? String(child['#text']) : elementOf(child, scope),
  );
  return { ...resolved(name, scope, scope.get('') ?? ''), attributes, scope, children };
}

/** An attribute without a prefix is in no namespace, whatever the default is. */
function resolved(name: string, scope: ReadonlyMap<string, string>, unprefixed: string) {
  const [prefix, local] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name];
  const namespace = prefix === '' ? unprefixed : scope.get(prefix);
  if (namespace === undefined) throw new UnreadableXml(`the prefix of ${name} is not declared`);
  return { name, prefix, local, namespace };
}
