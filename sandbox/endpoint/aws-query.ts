import { XMLBuilder } from 'fast-xml-parser';
import type { ScalarShape, ServiceModel, Shape } from '../model/model';
import type { Document } from '../services/service';
import { bodyText, type HttpRequest } from './http';
import type { Protocol } from './protocol';
import { formatText, parseText } from './text-values';

/** Forms in, XML out. Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const awsQuery: Protocol = {
  operation(request, model) {
    const form = formOf(request);
    const version = form.get('Version');
    return version === null || version === model.apiVersion ? (form.get('Action') ?? undefined) : undefined;
  },

  decode(request, model, operation) {
    const input = model.operations[operation]?.input;
    return input === undefined ? {} : (read(model, input, treeOf(formOf(request))) ?? {});
  },

  encodeOutput(output, model, operation, requestId) {
    const { output: shape, resultWrapper = `${operation}Result` } = model.operations[operation]!;
    const result = shape === undefined ? {} : { [resultWrapper]: write(model, shape, output ?? {}) };
    return xml(200, {
      [`${operation}Response`]: {
        ...namespaceOf(model),
        ...result,
        ResponseMetadata: { RequestId: requestId },
      },
    });
  },

  encodeError(error, model, requestId) {
    const Type = error.statusCode < 500 ? 'Sender' : 'Receiver';
    const answer = xml(error.statusCode, {
      ErrorResponse: {
        ...namespaceOf(model),
        Error: { Type, Code: error.code, Message: error.message, ...error.members },
        RequestId: requestId,
      },
    });
    return { ...answer, headers: { ...answer.headers, ...error.headers } };
  },
};

function formOf(request: HttpRequest): URLSearchParams {
  return new URLSearchParams(request.method === 'GET' ? request.query : bodyText(request));
}

/** `Tags.member.1.Key=a` as nested nodes. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

function treeOf(form: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const step of name.split('.')) {
      const next = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.text = value;
  }
  return root;
}

function read(model: ServiceModel, shapeName: string, node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  const shape = model.shapes[shapeName] as Shape;
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).map(([name, member]) => {
        return [name, read(model, member.shape, node.children.get(member.locationName ?? name))] as const;
      });
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    case 'list':
      return numbered(node, 'member').map((item) => read(model, shape.member, item));
    case 'map':
      return Object.fromEntries(
        numbered(node, 'entry').map((entry) => [
          read(model, shape.key, entry.children.get('key')),
          read(model, shape.value, entry.children.get('value')),
        ]),
      );
    default:
      return parseText(shape, node.text ?? '');
  }
}

/** The items of a list or map, in the order of their numbers. A list without any is sent as an empty text. */
function numbered(node: Node, name: string): readonly Node[] {
  const items = [...(node.children.get(name)?.children ?? [])];
  return items.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

/** The form that the XML builder takes: elements as keys, repeated ones as arrays. */
function write(model: ServiceModel, shapeName: string, value: Document): Document {
  const shape = model.shapes[shapeName] as Shape;
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).filter(
        ([name]) => value[name] !== undefined && value[name] !== null,
      );
      return Object.fromEntries(
        members.map(([name, member]) => [member.locationName ?? name, write(model, member.shape, value[name])]),
      );
    }
    case 'list':
      return { member: (value as readonly Document[]).map((item) => write(model, shape.member, item)) };
    case 'map':
      return {
        entry: Object.entries(value).map(([key, item]) => ({ key, value: write(model, shape.value, item) })),
      };
    default:
      return formatText(shape as ScalarShape, value, 'iso8601');
  }
}

function namespaceOf(model: ServiceModel | undefined): Record<string, string> {
  return model?.xmlNamespace === undefined ? {} : { '@xmlns': model.xmlNamespace };
}

const BUILDER = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

function xml(status: number, document: Document) {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0"?>\n${BUILDER.build(document)}` };
}
