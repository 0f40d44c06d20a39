import type { ListShape, Member, ScalarShape, ServiceModel, StructureShape } from '../model/model';
import type { Document } from '../services/service';
import { errorShape } from './error-shape';
import { bodyText, type HttpRequest } from './http';
import { errorBody, fromJson, parseJson, toJson } from './json-values';
import type { Protocol } from './protocol';
import { formatText, parseText } from './text-values';
import { matchUri } from './uri-template';

/** JSON over REST. Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export const restJson: Protocol = {
  operation(request, model) {
    const candidates = Object.entries(model.operations).flatMap(([name, { method, uri = '/' }]) => {
      const match = method === request.method ? matchUri(uri, request) : undefined;
      return match === undefined ? [] : [{ name, literals: match.literals }];
    });
    // `/functions/search` is not the function called "search": the template with more literal text is meant.
    return candidates.sort((a, b) => b.literals - a.literals)[0]?.name;
  },

  decode(request, model, operation) {
    const { input, uri = '/' } = model.operations[operation]!;
    if (input === undefined) return {};
    const shape = model.shapes[input] as StructureShape;
    return { ...located(request, model, shape, uri), ...body(request, model, input, shape) };
  },

  encodeOutput(output, model, operation) {
    const name = model.operations[operation]?.output;
    if (name === undefined) return { status: 200, headers: JSON_BODY, body: '{}' };
    const shape = model.shapes[name] as StructureShape;
    const answer: Document = output ?? {};
    const status = Object.entries(shape.members).find(([, member]) => member.location === 'statusCode')?.[0];
    return {
      status: status === undefined ? 200 : (answer[status] ?? 200),
      headers: { ...JSON_BODY, ...headersOf(model, shape, answer) },
      body: shape.payload === undefined ? JSON.stringify(toJson(model, name, answer)) : payload(model, shape, answer),
    };
  },

  encodeError(error, model) {
    const shape = errorShape(model, error.code);
    const located = model === undefined || shape === undefined ? {} : headersOf(model, shape, error.members);
    return {
      status: error.statusCode,
      headers: { ...JSON_BODY, 'x-amzn-errortype': error.code, ...located, ...error.headers },
      body: JSON.stringify(errorBody(model, error)),
    };
  },
};

const JSON_BODY = { 'content-type': 'application/json' };

/** Members that travel in the path, the query string and the headers. */
function located(request: HttpRequest, model: ServiceModel, shape: StructureShape, uri: string): Document {
  const labels = matchUri(uri, request)?.labels ?? {};
  const query = new URLSearchParams(request.query);
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const key = member.locationName ?? name;
    const value = {
      uri: () => parseMember(model, member, labels[key] === undefined ? [] : [labels[key]]),
      querystring: () => parseMember(model, member, query.getAll(key)),
      header: () => parseMember(model, member, [request.headers[key.toLowerCase()] ?? []].flat()),
      statusCode: () => undefined,
      body: () => undefined,
    }[member.location ?? 'body']();
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function parseMember(model: ServiceModel, member: Member, texts: readonly string[]): unknown {
  const shape = model.shapes[member.shape] as ListShape | ScalarShape;
  if (texts.length === 0) return undefined;
  if (shape.type !== 'list') return parseText(shape, texts[0]!);
  return texts.map((text) => parseText(model.shapes[shape.member] as ScalarShape, text));
}

function body(request: HttpRequest, model: ServiceModel, input: string, shape: StructureShape): Document {
  if (shape.payload === undefined) return fromJson(model, input, parseJson(bodyText(request)));
  if (request.body.length === 0) return {};
  const payloadShape = shape.members[shape.payload]!.shape;
  const { type } = model.shapes[payloadShape]!;
  if (type === 'blob') return { [shape.payload]: request.body };
  if (type === 'string') return { [shape.payload]: bodyText(request) };
  return { [shape.payload]: fromJson(model, payloadShape, parseJson(bodyText(request))) };
}

function payload(model: ServiceModel, shape: StructureShape, answer: Document): string | Uint8Array {
  const value = answer[shape.payload!];
  const shapeName = shape.members[shape.payload!]!.shape;
  if (value === undefined) return '';
  const scalar = ['blob', 'string'].includes(model.shapes[shapeName]!.type);
  return scalar ? value : JSON.stringify(toJson(model, shapeName, value));
}

function headersOf(model: ServiceModel, shape: StructureShape, answer: Document): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    if (member.location !== 'header' || answer[name] === undefined) continue;
    headers[member.locationName ?? name] = formatText(
      model.shapes[member.shape] as ScalarShape,
      answer[name],
      'rfc822',
    );
  }
  return headers;
}
