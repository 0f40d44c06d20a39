import { authorize } from '../iam/authorization';
import { authorizationMessage } from '../iam/authorization-message';
import type { Iam } from '../iam/iam';
import type { Permission } from '../iam/principal';
import { validate, validateOutput, validationMessage } from '../model/validate';
import { environmentOf } from '../services/environment';
import { type Call, type Document, type Service, ServiceError } from '../services/service';
import { denialMessage, encodesDenials } from './denials';
import { problem } from './problems';

/** What came of a call. */
export interface Performance {
  readonly output?: Document;
  readonly error?: ServiceError;
  readonly permissions: readonly string[];
}

/**
 * Carries a call out: authorizes, validates, runs the service's operation, checks its answer. Most AWS services authorize
 * before they validate, so a caller without permission does not learn whether its input is right. Whatever is not a
 * {@link ServiceError} is a bug of the sandbox and thrown on.
 */
export async function perform<State>(
  service: Service<State>,
  operationName: string,
  input: Document,
  call: Call,
  iam: Iam,
): Promise<Performance> {
  const { model } = service;
  const operation = service.operations[operationName]!;
  const { input: inputShape, output: outputShape } = model.operations[operationName]!;
  const state = call.world.state(service, call.accountId, call.region);
  const violations = inputShape === undefined ? [] : validate(model, inputShape, input);
  let permissions: readonly Permission[] = [];
  try {
    permissions = permissionsOf(() => operation.permissions(input, call, state), violations);
    checkPermissions(permissions, call, iam, service, operationName);
    if (violations.length > 0) throw problem(model.protocol, 'validation', validationMessage(violations));
    const output = await operation.handle(input, state, call);
    checkOutput(service, operationName, outputShape, output);
    return { output, permissions: permissions.map(({ action }) => action) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { error, permissions: permissions.map(({ action }) => action) };
  }
}

/** An operation may rely on a valid input when it says what it needs; of an invalid one it may know nothing. */
function permissionsOf(ask: () => readonly Permission[], violations: readonly string[]): readonly Permission[] {
  try {
    return ask();
  } catch (error) {
    if (violations.length === 0 || error instanceof ServiceError) throw error;
    return [];
  }
}

function checkPermissions<State>(
  permissions: readonly Permission[],
  call: Call,
  iam: Iam,
  { model }: Service<State>,
  operation: string,
): void {
  const environment = environmentOf(call);
  for (const permission of permissions) {
    const verdict = authorize(iam, call.principal, permission, environment);
    if (verdict.decision === 'allowed') continue;
    const encoded =
      permission.encodesDenial || encodesDenials(model, operation)
        ? iam.messages.encode(
            call.accountId,
            authorizationMessage(iam, call.principal, permission, environment, verdict),
          )
        : undefined;
    throw problem(model.protocol, 'access-denied', denialMessage(verdict, encoded));
  }
}

/** A handler that answers what its own model does not know is wrong, however well the client copes with it. */
function checkOutput<State>(
  service: Service<State>,
  operation: string,
  shape: string | undefined,
  output: Document,
): void {
  const violations =
    shape === undefined
      ? Object.keys(output ?? {}).map((name) => `Member '${name}' of an answer that has none`)
      : validateOutput(service.model, shape, output);
  if (violations.length === 0) return;
  throw new Error(`the sandbox's ${service.name}:${operation} answers against its model: ${violations.join('; ')}`);
}
