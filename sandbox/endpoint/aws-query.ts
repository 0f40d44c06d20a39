import { actionOf } from './form';
import type { Protocol } from './protocol';
import { decodeForm, elementsOf, type QueryDialect } from './query-values';
import { namespaceOf, xml } from './xml';

/** Items are numbered under a name of their own (`member.1`). */
const DIALECT: QueryDialect = {
  itemsOf: (node, { locationName = 'member' }) => node.children.get(locationName),
  itemName: ({ locationName = 'member' }) => locationName,
};

/** Forms in, XML out. Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const awsQuery: Protocol = {
  operation: actionOf,

  decode: (request, model, operation) => decodeForm(request, model, operation, DIALECT),

  encodeOutput(output, model, operation, requestId) {
    const { output: shape, resultWrapper = `${operation}Result` } = model.operations[operation]!;
    const result = shape === undefined ? {} : { [resultWrapper]: elementsOf(model, shape, output ?? {}, DIALECT) };
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
