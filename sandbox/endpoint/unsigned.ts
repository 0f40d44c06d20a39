import type { Principal } from '../iam/principal';
import type { HttpRequest } from './http';
import { protocolOf } from './protocol';
import type { AnyService } from './reception';

/** An operation that nobody has to sign for, as AssumeRoleWithWebIdentity is. */
export interface UnsignedOperation {
  readonly service: AnyService;
  readonly operation: string;
}

/**
 * The operation that a request without a signature means. There is no credential scope that names the service, so each is
 * asked whether it knows the request.
 */
export function unsignedOperation(request: HttpRequest, services: Iterable<AnyService>): UnsignedOperation | undefined {
  if (request.headers.authorization !== undefined) return undefined;
  for (const service of services) {
    const operation = protocolOf(service.model.protocol).operation(request, service.model);
    if (operation !== undefined && service.operations[operation]?.unsigned !== undefined) return { service, operation };
  }
  return undefined;
}

/**
 * Where a request without a signature was sent. AWS knows it by the host name, which a loopback address does not tell;
 * so a client can say it in a header. Without that it is where the global endpoints are.
 */
export function unsignedRegion(request: HttpRequest): string {
  return request.headers['x-sandbox-region'] ?? 'us-east-1';
}

/** Nobody in particular, calling what concerns an account. */
export function anonymous(accountId: string): Principal {
  return { accountId, arn: '', userId: 'anonymous', accessKeyId: '' };
}
