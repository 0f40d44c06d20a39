import type { XmlAttribute, XmlElement } from './xml-tree';

/**
 * The canonical form of an element, without comments and without one of its descendants (the signature in it).
 * Source: https://www.w3.org/TR/xml-exc-c14n/, for the XML that `xml-tree.ts` reads
 */
export function canonicalize(element: XmlElement, without?: XmlElement): string {
  return rendered(element, new Map(), without);
}

/** `declared` is what the elements around it have declared in the output. */
function rendered(element: XmlElement, declared: ReadonlyMap<string, string>, without?: XmlElement): string {
  const now = new Map(declared);
  const declarations: string[] = [];
  for (const prefix of usedPrefixes(element)) {
    const namespace = element.scope.get(prefix) ?? '';
    if ((now.get(prefix) ?? '') === namespace) continue;
    now.set(prefix, namespace);
    declarations.push(` xmlns${prefix === '' ? '' : `:${prefix}`}="${attributeText(namespace)}"`);
  }
  const attributes = [...element.attributes]
    .sort(byNamespace)
    .map(({ name, value }) => ` ${name}="${attributeText(value)}"`);
  const content = element.children.map((child) => {
    if (child === without) return '';
    return typeof child === 'string' ? contentText(child) : rendered(child, now, without);
  });
  return `<${element.name}${declarations.join('')}${attributes.join('')}>${content.join('')}</${element.name}>`;
}

/** Those of the element and its attributes, the default first. */
function usedPrefixes({ prefix, attributes }: XmlElement): readonly string[] {
  const ofAttributes = attributes.map((attribute) => attribute.prefix).filter((used) => used !== '');
  return [...new Set([prefix, ...ofAttributes])].sort();
}

function byNamespace(a: XmlAttribute, b: XmlAttribute): number {
  return compare(a.namespace, b.namespace) || compare(a.local, b.local);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function contentText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attributeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;');
}
