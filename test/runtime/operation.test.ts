import {
  CloudFormationClient,
  type ResourceStatus,
  type StackResourceDetail,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { AwsClients } from '../../src/runtime/clients';
import { isRollback, type RequestType, StackOperation, stillWanted } from '../../src/runtime/operation';
import { fakeCloudFormation } from '../support/fake-cloudformation';
import { ADDRESS, aNote, REGION, STARTED } from '../support/runs';

const REQUEST_TYPES: RequestType[] = ['Create', 'Update', 'Delete'];
const EARLIER = '2025-12-31T00:00:00.000Z';
const NOTED = '2025-12-31T23:59:30.000Z';
const LATER = '2026-01-01T00:10:00.000Z';
const NOTE = aNote({ resourceUpdated: NOTED });
const ALL_STATUSES: ResourceStatus[] = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_FAILED',
  'UPDATE_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
];

function stackIs(status: string = NOTE.stackStatus, updated: string = NOTE.stackUpdated) {
  return {
    StackName: 'shop',
    StackStatus: status as StackStatus,
    CreationTime: new Date(EARLIER),
    LastUpdatedTime: new Date(updated),
  };
}

function resourceIs(status: ResourceStatus, updated?: string): StackResourceDetail {
  return {
    LogicalResourceId: ADDRESS.logicalId,
    ResourceType: 'Custom::SettledThing',
    ResourceStatus: status,
    LastUpdatedTimestamp: updated === undefined ? undefined : new Date(updated),
  };
}

describe('stillWanted', () => {
  describe.each(REQUEST_TYPES)('of a %s', (requestType) => {
    test.each([
      ['ROLLBACK_IN_PROGRESS', NOTE.stackUpdated],
      ['UPDATE_ROLLBACK_IN_PROGRESS', NOTE.stackUpdated],
      ['DELETE_IN_PROGRESS', NOTE.stackUpdated],
      ['CREATE_COMPLETE', NOTE.stackUpdated],
      ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', NOTE.stackUpdated],
      [NOTE.stackStatus, LATER],
    ])('is no once the stack is %s since %s, whatever the resource is', (status, updated) => {
      const resources = [undefined, ...ALL_STATUSES.map((resourceStatus) => resourceIs(resourceStatus, NOTED))];
      for (const resource of resources) {
        expect(stillWanted(requestType, NOTE, stackIs(status, updated), resource)).toEqual({
          wanted: false,
          reason: `the stack went from CREATE_IN_PROGRESS (since 2025-12-31T23:59:00.000Z) to ${status} (since ${updated})`,
        });
      }
    });
  });

  test.each([undefined, ...ALL_STATUSES])(
    'of a Delete is yes in the same operation, the resource being %p',
    (status) => {
      for (const updated of [EARLIER, NOTED, LATER]) {
        const resource = status && resourceIs(status, updated);
        expect(stillWanted('Delete', NOTE, stackIs(), resource)).toEqual({ wanted: true });
      }
    },
  );

  describe.each<[RequestType, ResourceStatus]>([
    ['Create', 'CREATE_IN_PROGRESS'],
    ['Update', 'UPDATE_IN_PROGRESS'],
  ])('of a %s in the same operation', (requestType, inProgress) => {
    const others = ALL_STATUSES.filter((status) => status !== inProgress);

    test.each([undefined, EARLIER, NOTED, LATER])(`is yes while the resource is ${inProgress} since %s`, (updated) => {
      expect(stillWanted(requestType, NOTE, stackIs(), resourceIs(inProgress, updated))).toEqual({ wanted: true });
    });

    test.each(others)('is no once the resource has become %s', (status) => {
      expect(stillWanted(requestType, NOTE, stackIs(), resourceIs(status, LATER))).toEqual({
        wanted: false,
        reason: `the resource is ${status} since ${LATER}`,
      });
    });

    test.each(others)('is unknown while CloudFormation shows a state no later than the noted one, %s', (status) => {
      for (const updated of [undefined, EARLIER, NOTED]) {
        expect(stillWanted(requestType, NOTE, stackIs(), resourceIs(status, updated))).toEqual({
          wanted: 'unknown',
          reason: `CloudFormation shows an older state of the resource, ${status}`,
        });
      }
    });

    test.each(others)('is no if the resource was not listed at the start and is %s', (status) => {
      const note = aNote({ resourceUpdated: undefined });
      expect(stillWanted(requestType, note, stackIs(), resourceIs(status, EARLIER))).toMatchObject({ wanted: false });
    });

    test('is unknown while the resource is not listed', () => {
      expect(stillWanted(requestType, NOTE, stackIs(), undefined)).toEqual({
        wanted: 'unknown',
        reason: 'CloudFormation does not list the resource yet',
      });
    });
  });

  test('goes by the creation of a stack that was never updated', () => {
    const created = {
      StackName: 'shop',
      StackStatus: stackIs().StackStatus,
      CreationTime: new Date(NOTE.stackUpdated),
    };
    expect(stillWanted('Delete', NOTE, created, undefined)).toEqual({ wanted: true });
    expect(stillWanted('Delete', NOTE, { ...created, CreationTime: new Date(LATER) }, undefined)).toMatchObject({
      wanted: false,
    });
  });
});

describe('isRollback', () => {
  test.each([
    ['ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', true],
    ['CREATE_IN_PROGRESS', false],
    ['UPDATE_IN_PROGRESS', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
    ['DELETE_IN_PROGRESS', false],
  ])('in %s is %p', (stackStatus, rollback) => {
    expect(isRollback(aNote({ stackStatus }))).toBe(rollback);
  });
});

describe('StackOperation', () => {
  const cloudFormation = fakeCloudFormation();

  function operation(address = ADDRESS): StackOperation {
    return new StackOperation(new AwsClients(REGION).get(CloudFormationClient, 'CLOUDFORMATION'), address);
  }

  test('notes the operation of the stack and the state of the resource', async () => {
    cloudFormation.operate('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', NOTED, 'id-1');
    await expect(operation().note(new Date(STARTED))).resolves.toEqual({
      stackStatus: 'UPDATE_IN_PROGRESS',
      stackUpdated: NOTED,
      resourceUpdated: NOTED,
      physicalId: 'id-1',
      startedAt: STARTED,
    });
  });

  test('notes the creation time of a stack that was never updated', async () => {
    await expect(operation().note(new Date(STARTED))).resolves.toMatchObject({
      stackUpdated: '2025-12-31T23:59:00.000Z',
    });
  });

  test('notes nothing of a resource that CloudFormation does not list yet', async () => {
    cloudFormation.resource = undefined;
    const note = await operation().note(new Date(STARTED));
    expect(note).toMatchObject({ stackStatus: 'CREATE_IN_PROGRESS', startedAt: STARTED });
    expect(note.resourceUpdated).toBeUndefined();
    expect(note.physicalId).toBeUndefined();
  });

  test('finds a run wanted in the operation that it noted, and not after', async () => {
    const note = await operation().note(new Date(STARTED));
    await expect(operation().check('Create', note)).resolves.toEqual({ wanted: true });
    cloudFormation.operate('ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', LATER);
    await expect(operation().check('Create', note)).resolves.toMatchObject({ wanted: false });
  });

  test('does not know of a resource that is not listed, and asks for both on every check', async () => {
    const note = await operation().note(new Date(STARTED));
    cloudFormation.resource = undefined;
    cloudFormation.calls = [];
    await expect(operation().check('Create', note)).resolves.toMatchObject({ wanted: 'unknown' });
    expect(cloudFormation.calls).toEqual(['DescribeStacks', 'DescribeStackResource']);
  });

  test('fails if CloudFormation does not describe the stack', async () => {
    cloudFormation.stack = undefined;
    await expect(operation().note(new Date(STARTED))).rejects.toThrow('is not described by CloudFormation');
  });

  test('fails for a stack that there is not', async () => {
    await expect(operation({ ...ADDRESS, stackId: 'gone' }).note(new Date(STARTED))).rejects.toThrow('no such stack');
  });

  test.each([
    ['first', [{ status: 400, code: 'Throttling' }]],
    ['second', [undefined, { status: 403, code: 'AccessDenied' }]],
  ])('passes an error of the %s question', async (_which, failures) => {
    const note = await operation().note(new Date(STARTED));
    cloudFormation.failures = [...failures];
    await expect(operation().check('Create', note)).rejects.toMatchObject({ name: failures.at(-1)?.code });
  });
});
