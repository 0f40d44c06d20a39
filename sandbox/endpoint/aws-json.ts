import type { ServiceModel } from '../model/model';
import { bodyText } from './http';
import { errorBody, fromJson, parseJson, toJson } from './json-values';
import type { Protocol } from './protocol';

/** JSON over POST, the operation in a header. Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const awsJson: Protocol = {
  operation(request, model) {
    const [prefix, operation] = (request.headers['x-amz-target'] ?? '').split('.');
    return prefix === model.targetPrefix ? operation : undefined;
  },

  decode(request, model, operation) {
    const input = model.operations[operation]?.input;
    const body = parseJson(bodyText(request));
    return input === undefined ? {} : fromJson(model, input, body);
  },

  encodeOutput(output, model, operation) {
    const shape = model.operations[operation]?.output;
    const body = shape === undefined ? {} : toJson(model, shape, output ?? {});
    return { status: 200, headers: headersOf(model), body: JSON.stringify(body) };
  },

  encodeError(error, model) {
    const body = { __type: error.code, ...errorBody(model, error) };
    return {
      status: error.statusCode,
      headers: { ...headersOf(model), ...error.headers },
      body: JSON.stringify(body),
    };
  },
};

function headersOf(model: ServiceModel | undefined): Record<string, string> {
  return { 'content-type': `application/x-amz-json-${model?.jsonVersion ?? '1.1'}` };
}
