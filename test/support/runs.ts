import type { RoleSession } from '../../src/runtime/assumed-role';
import { AssumptionError } from '../../src/runtime/assumption-error';
import type { AwsClients } from '../../src/runtime/clients';
import { newPhysicalId } from '../../src/runtime/identity';
import type { OperationNote } from '../../src/runtime/operation';
import { Properties } from '../../src/runtime/properties';
import type { Run } from '../../src/runtime/reconciler';

export const REGION = 'eu-central-1';
export const ACCOUNT = '111122223333';
export const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/shop/51af3dc0-da77-11e4-872e-1234567db123`;
export const ADDRESS = { stackId: STACK_ID, logicalId: 'Monitor5C1F2A3B' };
/** An id as the library makes them. */
export const ID = newPhysicalId(ADDRESS, 'request-1');
/** An id as CloudFormation makes it up for a creation that it has cancelled. */
export const MADE_UP_ID = 'shop-Monitor5C1F2A3B-1ABCDEFGHIJKL';
export const STARTED = '2026-01-01T00:00:00.000Z';

export function aNote(changes: Partial<OperationNote> = {}): OperationNote {
  return {
    stackStatus: 'CREATE_IN_PROGRESS',
    stackUpdated: '2025-12-31T23:59:00.000Z',
    resourceUpdated: '2025-12-31T23:59:30.000Z',
    startedAt: STARTED,
    ...changes,
  };
}

export function aRun<Goal>(changes: Partial<Run<Goal>> = {}): Run<Goal> {
  return {
    address: ADDRESS,
    place: { partition: 'aws', region: REGION, accountId: ACCOUNT },
    requestType: 'Create',
    id: ID,
    fresh: false,
    properties: new Properties({}),
    unknownId: false,
    invocation: 'a1b2c3d4',
    rollback: false,
    note: aNote(),
    now: new Date(STARTED),
    aws: undefined as unknown as AwsClients,
    ...changes,
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'as told by AWS', httpStatusCode = 400): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode, requestId: 'r-42' },
  });
}

export const ROLE_ARN = 'arn:aws:iam::444455556666:role/Deploy';
/** The session of the function's own role. */
export const CALLER = `arn:aws:sts::${ACCOUNT}:assumed-role/shop-Provider-1ABC/shop-Handler`;

export function aSession(request: Partial<RoleSession['request']> = {}, via?: RoleSession): RoleSession {
  return { request: { RoleArn: ROLE_ARN, RoleSessionName: 'shop-Monitor', ...request }, stsRegion: REGION, via };
}

/** What is thrown where STS refuses a role. */
export function unassumable(session: RoleSession = aSession(), name = 'AccessDenied', status = 403): AssumptionError {
  const message = `User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${session.request.RoleArn}`;
  return new AssumptionError(awsError(name, message, status), session);
}
