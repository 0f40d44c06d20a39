import { actionOf } from './form';
import type { Protocol } from './protocol';
import { decodeForm, elementsOf, type QueryDialect } from './query-values';
import { namespaceOf, xml } from './xml';

const DIALECT: QueryDialect = { itemsOf: (node) => node, itemName: () => 'item' };

/**
 * EC2's flavour of the query protocol: lists are numbered without a word between (`SubnetId.1`), answers have no wrapper,
 * and errors come in a list. Source: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export const ec2Query: Protocol = {
  operation: actionOf,

  decode: (request, model, operation) => decodeForm(request, model, operation, DIALECT),

  encodeOutput(output, model, operation, requestId) {
    const shape = model.operations[operation]?.output;
    const members = shape === undefined ? {} : elementsOf(model, shape, output ?? {}, DIALECT);
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
