import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Principal } from '../iam/principal';
import type { Clock } from '../kernel/clock';
import type { ServiceModel } from '../model/model';
import type { Document, Service, ServiceError } from '../services/service';
import { AuthenticationFailure, authenticate } from './authentication';
import type { HttpRequest } from './http';
import { type Problem, problem } from './problems';
import { guessProtocol, protocolOf } from './protocol';
import { parseAuthorization } from './signature';
import { UnreadableRequest } from './unreadable-request';
import { anonymous, type UnsignedOperation, unsignedOperation, unsignedRegion } from './unsigned';

/** A request, as far as it could be understood. */
export interface Reception {
  readonly protocol: ServiceModel['protocol'];
  /** As the credential scope has it, when no service of that name is there. */
  readonly serviceName: string;
  readonly service?: AnyService;
  readonly region: string;
  readonly operation: string;
  readonly principal?: Principal;
  readonly input: Document;
  /** Why the call cannot be carried out. */
  readonly refusal?: ServiceError;
}

// biome-ignore lint/suspicious/noExplicitAny: the endpoint serves services of every kind of state
export type AnyService = Service<any>;

export interface Authorities {
  readonly services: ReadonlyMap<string, AnyService>;
  readonly credentials: Credentials;
  readonly iam: Iam;
  readonly clock: Clock;
}

/** Finds out which service, operation and input a request means and who signed it. Nothing has effect yet. */
export function receive(request: HttpRequest, authorities: Authorities): Reception {
  const unsigned = unsignedOperation(request, authorities.services.values());
  if (unsigned !== undefined) return receiveUnsigned(request, unsigned);
  const authorization = parseAuthorization(request.headers.authorization);
  const service = authorities.services.get(authorization?.service ?? '');
  const protocol = service?.model.protocol ?? guessProtocol(request);
  const base = {
    protocol,
    service,
    serviceName: service?.name ?? authorization?.service ?? 'unknown',
    region: authorization?.region ?? 'unknown',
    operation: operationOf(request, service) ?? 'unknown',
    input: {},
  };
  const refuse = (kind: Problem, message: string, principal?: Principal): Reception => ({
    ...base,
    principal,
    refusal: problem(protocol, kind, message),
  });

  if (authorization === undefined) return refuse('missing-authentication', 'Missing Authentication Token');
  let principal: Principal | undefined;
  try {
    principal = authenticate(request, authorization, authorities);
    if (service === undefined || service.operations[base.operation] === undefined) {
      return refuse('unknown-operation', unknownMessage(request, base), principal);
    }
    return { ...base, principal, input: protocolOf(protocol).decode(request, service.model, base.operation) };
  } catch (error) {
    if (error instanceof AuthenticationFailure) return refuse(error.kind, error.message);
    if (error instanceof UnreadableRequest) return refuse('unreadable', error.message, principal);
    throw error;
  }
}

function receiveUnsigned(request: HttpRequest, { service, operation }: UnsignedOperation): Reception {
  const { model, name: serviceName } = service;
  const base = { protocol: model.protocol, service, serviceName, region: unsignedRegion(request), operation };
  try {
    const input = protocolOf(model.protocol).decode(request, model, operation);
    const { unsigned, unsignedRegion: regionOf } = service.operations[operation]!;
    const region = regionOf?.(input) ?? base.region;
    return { ...base, region, input, principal: anonymous(unsigned!(input)) };
  } catch (error) {
    if (!(error instanceof UnreadableRequest)) throw error;
    return { ...base, input: {}, refusal: problem(model.protocol, 'unreadable', error.message) };
  }
}

function operationOf(request: HttpRequest, service: AnyService | undefined): string | undefined {
  return service === undefined ? undefined : protocolOf(service.model.protocol).operation(request, service.model);
}

/** Says to the person at the sandbox what is missing in it. */
function unknownMessage(request: HttpRequest, { service, serviceName, operation }: Partial<Reception>): string {
  const asked = operation === 'unknown' ? `${request.method} ${request.path}` : operation;
  return service === undefined
    ? `the sandbox has no service '${serviceName}' (${asked}): write it under sandbox/services`
    : `the sandbox's service '${serviceName}' has no operation for ${asked}: add it to its model and its operations`;
}
