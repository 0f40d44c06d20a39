import { XMLBuilder } from 'fast-xml-parser';
import type { ServiceModel } from '../model/model';
import type { Document } from '../services/service';
import type { HttpAnswer } from './http';

/** An answer in XML, in the form that the builder takes: elements as keys, repeated ones as arrays, `@` for attributes. */
export function xml(status: number, document: Document): HttpAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0"?>\n${BUILDER.build(document)}` };
}

export function namespaceOf(model: ServiceModel | undefined): Record<string, string> {
  return model?.xmlNamespace === undefined ? {} : { '@xmlns': model.xmlNamespace };
}

const BUILDER = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
