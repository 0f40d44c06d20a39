import type { ScalarShape, ServiceModel, Shape } from '../model/model';
import type { Document } from '../services/service';
import { actionOf, type FormNode, formOf, numbered, treeOf } from './form';
import type { Protocol } from './protocol';
import { formatText, parseText } from './text-values';
import { namespaceOf, xml } from './xml';

/**
 * EC2's flavour of the query protocol: lists are numbered without a word between (`SubnetId.1`), answers have no wrapper,
 * and errors come in a list. Source: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export const ec2Query: Protocol = {
  operation: actionOf,

  decode(request, model, operation) {
    const input = model.operations[operation]?.input;
    return input === undefined ? {} : (read(model, input, treeOf(formOf(request))) ?? {});
  },

  encodeOutput(output, model, operation, requestId) {
    const shape = model.operations[operation]?.output;
    const members = shape === undefined ? {} : write(model, shape, output ?? {});
    return xml(200, { [`${operation}Response`]: { ...namespaceOf(model), requestId, ...members } });
  },

  encodeError(error, _model, requestId) {
    const answer = xml(error.statusCode, {
      Response: {
        Errors: { Error: { Code: error.code, Message: error.message, ...error.members } },
        RequestID: requestId,
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
    case 'list':
      return numbered(node).map((item) => read(model, shape.member, item));
    case 'map':
      throw new Error(`shape '${shapeName}' is a map, which EC2's protocol does not have: use a list of tags`);
    default:
      return parseText(shape, node.text ?? '');
  }
}

/** In the form that {@link xml} takes: the items of a list are `item` elements. */
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
      return { item: (value as readonly Document[]).map((item) => write(model, shape.member, item)) };
    default:
      return formatText(shape as ScalarShape, value, 'iso8601');
  }
}
