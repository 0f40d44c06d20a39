import type { FaultKind } from '../kernel/faults';
import type { ServiceModel, StructureShape } from '../model/model';
import { ServiceError } from '../services/service';

/** What can be wrong with a call before it reaches its service. */
export type Problem =
  | 'missing-authentication'
  | 'unknown-key'
  | 'expired-token'
  | 'bad-signature'
  | 'unknown-operation'
  | 'unreadable'
  | 'access-denied'
  | 'validation'
  | 'throttling'
  | 'internal-error'
  | 'unavailable';

/**
 * The problem as the protocol names it. What befalls calls to a healthy account (refusals, throttling, failures of the
 * service) is named as in "Common Errors" of the API references of STS (query), CloudHSM (JSON) and RUM (rest-json, and
 * the errors of its operations). For signatures and unknown operations the JSON protocols' names are those that SDKs
 * know; their references list the query names, whatever the protocol.
 */
export function problem(protocol: ServiceModel['protocol'], kind: Problem, message: string): ServiceError {
  const [code, statusCode] = NAMES[protocol][kind];
  return new ServiceError(code, message, statusCode);
}

const NAMES: Readonly<Record<ServiceModel['protocol'], Readonly<Record<Problem, readonly [string, number]>>>> = {
  'rest-json': {
    'missing-authentication': ['MissingAuthenticationTokenException', 403],
    'unknown-key': ['UnrecognizedClientException', 403],
    'expired-token': ['ExpiredTokenException', 403],
    'bad-signature': ['InvalidSignatureException', 403],
    'unknown-operation': ['UnknownOperationException', 404],
    unreadable: ['SerializationException', 400],
    'access-denied': ['AccessDeniedException', 403],
    validation: ['ValidationException', 400],
    throttling: ['ThrottlingException', 429],
    'internal-error': ['InternalServerException', 500],
    unavailable: ['ServiceUnavailable', 503],
  },
  'aws-json': {
    'missing-authentication': ['MissingAuthenticationTokenException', 400],
    'unknown-key': ['UnrecognizedClientException', 400],
    'expired-token': ['ExpiredTokenException', 400],
    'bad-signature': ['InvalidSignatureException', 400],
    'unknown-operation': ['UnknownOperationException', 400],
    unreadable: ['SerializationException', 400],
    'access-denied': ['AccessDeniedException', 400],
    validation: ['ValidationException', 400],
    throttling: ['ThrottlingException', 400],
    'internal-error': ['InternalFailure', 500],
    unavailable: ['ServiceUnavailable', 503],
  },
  'aws-query': {
    'missing-authentication': ['MissingAuthenticationToken', 403],
    'unknown-key': ['InvalidClientTokenId', 403],
    'expired-token': ['ExpiredToken', 403],
    'bad-signature': ['SignatureDoesNotMatch', 403],
    'unknown-operation': ['UnknownOperationException', 400],
    unreadable: ['MalformedInput', 400],
    'access-denied': ['AccessDenied', 403],
    validation: ['ValidationError', 400],
    throttling: ['Throttling', 400],
    'internal-error': ['InternalFailure', 500],
    unavailable: ['ServiceUnavailable', 503],
  },
  // EC2 has names of its own: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  'ec2-query': {
    'missing-authentication': ['MissingAuthenticationToken', 403],
    'unknown-key': ['AuthFailure', 401],
    'expired-token': ['RequestExpired', 400],
    'bad-signature': ['SignatureDoesNotMatch', 403],
    'unknown-operation': ['InvalidAction', 400],
    unreadable: ['MalformedQueryString', 400],
    'access-denied': ['UnauthorizedOperation', 403],
    validation: ['InvalidParameterValue', 400],
    throttling: ['RequestLimitExceeded', 503],
    'internal-error': ['InternalError', 500],
    unavailable: ['Unavailable', 503],
  },
};

/**
 * The answer that a planned fault gives in place of the service's; `undefined` for faults that give none. Where the
 * operation documents an error of this kind, it has that name and status.
 */
export function faultAnswer(
  kind: FaultKind,
  model: ServiceModel,
  call: { readonly operation: string; readonly principalArn: string },
): ServiceError | undefined {
  const make = (as: Problem, message: string) => documented(model, call.operation, as, message);
  switch (kind) {
    case 'throttle':
      return make('throttling', 'Rate exceeded');
    case 'deny':
      return problem(
        model.protocol,
        'access-denied',
        `User: ${call.principalArn} is not authorized to perform: ${model.signingName}:${call.operation}`,
      );
    case 'internal-error':
      return make('internal-error', 'The request failed because of an internal error of the service');
    case 'unavailable':
      return make('unavailable', 'The service is not available at this moment');
    default:
      return undefined;
  }
}

const DOCUMENTED_AS: Readonly<Partial<Record<Problem, RegExp>>> = {
  throttling: /Throttl/,
  'internal-error': /Internal/,
  unavailable: /ServiceUnavailable/,
};

function documented(model: ServiceModel, operation: string, kind: Problem, message: string): ServiceError {
  const general = problem(model.protocol, kind, message);
  const name = model.operations[operation]?.errors?.find((error) => DOCUMENTED_AS[kind]?.test(error));
  if (name === undefined) return general;
  const shape = model.shapes[name] as StructureShape | undefined;
  // The JSON protocol's models rarely state a status, and then an import has 400 there.
  const status = kind === 'throttling' ? shape?.httpStatus : Math.max(shape?.httpStatus ?? 0, general.statusCode);
  return new ServiceError(shape?.errorCode ?? name, message, status ?? general.statusCode);
}
