import type { ScalarShape, ServiceModel, Shape } from '../model/model';
import type { Document } from '../services/service';
import { actionOf, type FormNode, formOf, numbered, treeOf } from './form';
import type { Protocol } from './protocol';
import { formatText, parseText } from './text-values';
import { namespaceOf, xml } from './xml';

/** Forms in, XML out. Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const awsQuery: Protocol = {
  operation: actionOf,

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

function read(model: ServiceModel, shapeName: string, node: FormNode | undefined): unknown {
  if (node === undefined) return undefined;
  const shape = model.shapes[shapeName] as Shape;
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).map(([name, member]) => {
        return [name, read(model, member.shape, node.children.get(member.locationName ?? name))] as const;
      });
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    // A list without any items is sent as an empty text.
    case 'list':
      return numbered(node.children.get(shape.locationName ?? 'member')).map((item) => read(model, shape.member, item));
    case 'map':
      return Object.fromEntries(
        numbered(node.children.get('entry')).map((entry) => [
          read(model, shape.key, entry.children.get(shape.keyName ?? 'key')),
          read(model, shape.value, entry.children.get(shape.valueName ?? 'value')),
        ]),
      );
    default:
      return parseText(shape, node.text ?? '');
  }
}

/** The form that {@link xml} takes. */
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
      return {
        [shape.locationName ?? 'member']: (value as readonly Document[]).map((item) =>
          write(model, shape.member, item),
        ),
      };
    case 'map':
      return {
        entry: Object.entries(value).map(([key, item]) => ({ key, value: write(model, shape.value, item) })),
      };
    default:
      return formatText(shape as ScalarShape, value, 'iso8601');
  }
}
