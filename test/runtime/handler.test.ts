import type { Context } from 'aws-lambda';
import { createHandler, type Handler, type HandlerResponse, type ResourceEvent } from '../../src/runtime/handler';
import { newPhysicalId, OWNER_TAG, ownerOf, successorId } from '../../src/runtime/identity';
import { REPLACES_TAG } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { FakeClock } from '../support/fake-clock';
import { fakeCloudFormation } from '../support/fake-cloudformation';
import { ACCOUNT, ADDRESS, aSession, awsError, ID, MADE_UP_ID, STACK_ID, unassumable } from '../support/runs';
import { Things } from '../support/things';

const SUCCESSOR = successorId(ADDRESS, ID);
const OTHER_ACCOUNT = '444455556666';
const RED = { Color: 'red' };
const BLUE = { Color: 'blue' };
const THROTTLING = { status: 400, code: 'Throttling' };
const UNASSUMABLE = unassumable();

const cloudFormation = fakeCloudFormation();
const output = captureOutput();
let clock: FakeClock;
let things: Things;
let handler: Handler;

beforeEach(() => {
  clock = new FakeClock();
  things = new Things();
  handler = createHandler({ 'Custom::SettledThing': things.reconciler }, clock);
});

function anEvent(changes: Partial<ResourceEvent>): ResourceEvent {
  return {
    RequestType: 'Create',
    ResourceType: 'Custom::SettledThing',
    RequestId: 'request-1',
    StackId: STACK_ID,
    LogicalResourceId: ADDRESS.logicalId,
    ResourceProperties: { ServiceToken: 'arn:aws:lambda:x', ...RED },
    ...changes,
  };
}

const creation = (properties: Record<string, unknown> = RED) => anEvent({ ResourceProperties: properties });

/** While CloudFormation updates the stack, and the resource in it. */
function anUpdate(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  { id = ID, stackStatus = 'UPDATE_IN_PROGRESS' } = {},
): ResourceEvent {
  cloudFormation.operate(stackStatus, 'UPDATE_IN_PROGRESS', clock.now().toISOString(), id);
  return anEvent({
    RequestType: 'Update',
    RequestId: `request-at-${clock.now().toISOString()}`,
    PhysicalResourceId: id,
    OldResourceProperties: before,
    ResourceProperties: after,
  });
}

function aRollback(before: Record<string, unknown>, after: Record<string, unknown>, id = ID): ResourceEvent {
  return anUpdate(before, after, { id, stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' });
}

function aDeletion(id: string, properties: Record<string, unknown> = RED, current: string = id): ResourceEvent {
  cloudFormation.operate('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', clock.now().toISOString(), current);
  return anEvent({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties: properties });
}

function invoke(event: ResourceEvent, remaining = 300_000): Promise<HandlerResponse> {
  return handler(event, { awsRequestId: 'a1b2c3d4-0000', getRemainingTimeInMillis: () => remaining } as Context);
}

/** What onEvent answers. */
async function identify(event: ResourceEvent): Promise<{ PhysicalResourceId: string }> {
  return (await invoke(event)) as { PhysicalResourceId: string };
}

/** The event that isComplete gets: the provider framework merges into it what onEvent has answered. */
async function identified(event: ResourceEvent): Promise<ResourceEvent> {
  return JSON.parse(JSON.stringify({ ...event, ...(await identify(event)) }));
}

/** One request as the provider framework runs it: onEvent, then isComplete until it is. */
async function settle(event: ResourceEvent): Promise<{ id: string; data?: Record<string, string> }> {
  const merged = await identified(event);
  for (let call = 0; call < 20; call++) {
    const answer = (await invoke(merged)) as { IsComplete: boolean; Data?: Record<string, string> };
    if (answer.IsComplete) return { id: merged.PhysicalResourceId as string, data: answer.Data };
    clock.advance(5_000);
  }
  throw new Error('it did not settle');
}

/** For how long an onEvent has waited. */
function waited(): number {
  return clock.pauses.reduce((sum, pause) => sum + pause, 0);
}

function withRole(accountId: string, properties: Record<string, unknown>): Record<string, unknown> {
  return { ...properties, AssumeRole: { RoleArn: `arn:aws:iam::${accountId}:role/Deploy`, SessionName: 'session' } };
}

describe('a Create', () => {
  test('gets an id in onEvent, the same each time that it is delivered, and nothing is made', async () => {
    const expected = newPhysicalId(ADDRESS, 'request-1');
    expect(await identify(creation())).toMatchObject({ PhysicalResourceId: expected });
    expect(await identify(creation())).toMatchObject({ PhysicalResourceId: expected });
    expect(things.acts).toEqual([]);
  });

  test('is made in isComplete, with the data of the plan', async () => {
    expect(await settle(creation({ Color: 'red', Size: '3' }))).toEqual({ id: ID, data: { Id: ID, Size: '3' } });
    expect(things.acts).toEqual([`CreateThing ${ID}`]);
    // Nothing can be left over of what is new.
    expect(things.looks).toEqual([ID, ID]);
  });

  test('carries the tags by which it is found', async () => {
    await settle(creation());
    expect(things.at(ACCOUNT, ID)?.tags).toEqual({ 'cdk-settled:id': ID, [OWNER_TAG]: ownerOf(ADDRESS) });
  });

  test('whose properties are wrong fails in onEvent with the name of the property', async () => {
    await expect(invoke(creation({ Color: 'red', Size: 'big' }))).rejects.toMatchObject({
      name: 'SettlingError',
      message: 'property Size must be a number, got "big"',
    });
    expect(things.acts).toEqual([]);
  });

  test('of an unknown type fails', async () => {
    await expect(invoke(anEvent({ ResourceType: 'Custom::Other' }))).rejects.toThrow(
      'unknown resource type Custom::Other',
    );
  });

  test('that must wait is not complete and has no data, which the framework would not accept', async () => {
    const event = await identified(creation());
    things.put(ACCOUNT, ID, { state: 'PENDING' });
    expect(await invoke(event)).toEqual({ IsComplete: false });
    expect(things.acts).toEqual([]);
  });

  test('goes to the account of the role that is to be assumed', async () => {
    await settle(creation(withRole(OTHER_ACCOUNT, RED)));
    expect(things.ids(OTHER_ACCOUNT)).toEqual([ID]);
    expect(things.ids(ACCOUNT)).toEqual([]);
  });

  test('looks in onEvent with the role that is to be assumed, and without one it does not look', async () => {
    await identify(creation());
    expect(things.looks).toEqual([]);
    await identify(creation(withRole(OTHER_ACCOUNT, RED)));
    expect(things.looks).toEqual([ID]);
    expect(things.acts).toEqual([]);
  });

  test('whose role cannot be assumed fails in onEvent, since its Delete would fail as well', async () => {
    things.unreachable.set(OTHER_ACCOUNT, UNASSUMABLE);
    const failed = expect(invoke(creation(withRole(OTHER_ACCOUNT, RED)))).rejects;
    await failed.toMatchObject({
      name: 'SettlingError',
      message: expect.stringMatching(/the role .* could not be assumed: check that it trusts .* has not been deleted$/),
    });
    expect(waited()).toBeGreaterThanOrEqual(60_000);
  });

  test('whose role will never be assumed fails at once', async () => {
    things.unreachable.set(OTHER_ACCOUNT, unassumable(aSession(), 'RegionDisabledException'));
    await expect(invoke(creation(withRole(OTHER_ACCOUNT, RED)))).rejects.toThrow('STS is not active in eu-central-1');
    expect(waited()).toBe(0);
  });

  test('that CloudFormation has given up is not made any more', async () => {
    const event = await identified(creation());
    cloudFormation.operate('ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', '2026-01-01T00:01:00.000Z');
    await expect(invoke(event)).rejects.toThrow(`this Create of ${ID} is no longer wanted: the stack went from`);
    expect(things.acts).toEqual([]);
  });

  test('that CloudFormation does not list yet waits', async () => {
    cloudFormation.resource = undefined;
    const event = await identified(creation());
    expect(await invoke(event)).toEqual({ IsComplete: false });
    expect(things.acts).toEqual([]);
  });

  test('begins nothing in an invocation with little time left', async () => {
    expect(await invoke(await identified(creation()), 59_000)).toEqual({ IsComplete: false });
    expect(things.looks).toEqual([]);
  });

  test("fails shortly before the provider's waiter gives up, saying what it waits for", async () => {
    process.env.SETTLED_TIMEOUT_SECONDS = '100';
    process.env.SETTLED_INTERVAL_SECONDS = '5';
    const event = await identified(creation());
    things.put(ACCOUNT, ID, { state: 'PENDING' });
    clock.advance(84_999);
    expect(await invoke(event)).toEqual({ IsComplete: false });
    clock.advance(1);
    await expect(invoke(event)).rejects.toThrow(`${ID} did not settle in time; last seen: the thing is PENDING`);
    delete process.env.SETTLED_TIMEOUT_SECONDS;
    delete process.env.SETTLED_INTERVAL_SECONDS;
  });
});

describe('an Update', () => {
  beforeEach(() => things.put(ACCOUNT, ID));

  test('that can be made in place keeps the id and changes what is there', async () => {
    expect(await settle(anUpdate(RED, { ...RED, Size: '9' }))).toEqual({ id: ID, data: { Id: ID, Size: '9' } });
    expect(things.acts).toEqual([`ResizeThing ${ID}`]);
  });

  test('that cannot gets the id of a successor in onEvent, the same each time, and nothing is made', async () => {
    const update = anUpdate(RED, BLUE);
    expect(await identify(update)).toMatchObject({ PhysicalResourceId: SUCCESSOR });
    expect(await identify(update)).toMatchObject({ PhysicalResourceId: SUCCESSOR });
    expect(things.acts).toEqual([]);
  });

  test('that cannot makes a successor that knows what it replaces, and leaves the old one to its Delete', async () => {
    expect(await settle(anUpdate(RED, BLUE))).toMatchObject({ id: SUCCESSOR });
    expect(things.acts).toEqual([`CreateThing ${SUCCESSOR}`]);
    expect(things.at(ACCOUNT, SUCCESSOR)?.tags[REPLACES_TAG]).toBe(ID);
    expect(things.ids(ACCOUNT)).toEqual([ID, SUCCESSOR]);
  });

  test('that cannot, of what cannot stand twice, fails in onEvent with the reason and the obstacle', async () => {
    await expect(invoke(anUpdate(RED, { ...BLUE, Fixed: 'true' }))).rejects.toMatchObject({
      name: 'SettlingError',
      message: 'the color changes: a fixed thing cannot be replaced',
    });
  });

  test('of what someone has deleted makes it again under its id', async () => {
    things.standing.clear();
    expect(await settle(anUpdate(RED, BLUE))).toMatchObject({ id: ID });
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('whose old properties cannot be decoded goes by what is there', async () => {
    const broken = { Color: 'red', Size: 'big' };
    expect(await settle(anUpdate(broken, { ...RED, Size: '2' }))).toMatchObject({ id: ID, data: { Size: '2' } });
  });

  test('that is not a rollback does not return to what an earlier update has replaced', async () => {
    things.put(ACCOUNT, SUCCESSOR, { color: 'blue', tags: { 'cdk-settled:id': SUCCESSOR, [REPLACES_TAG]: ID } });
    const { PhysicalResourceId } = await identify(anUpdate(BLUE, RED, { id: SUCCESSOR }));
    expect(PhysicalResourceId).toBe(successorId(ADDRESS, SUCCESSOR));
  });
});

describe('the rollback of a replacement', () => {
  beforeEach(async () => {
    things.put(ACCOUNT, ID);
    await settle(anUpdate(RED, BLUE));
    clock.advance(60_000);
    things.acts = [];
  });

  test('returns to what was replaced, and leaves the replacement to its Delete', async () => {
    expect(await settle(aRollback(BLUE, RED, SUCCESSOR))).toMatchObject({ id: ID });
    expect(things.acts).toEqual([]);
    await settle(aDeletion(SUCCESSOR, BLUE, ID));
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('replaces again where the predecessor is gone', async () => {
    things.standing.delete(`${ACCOUNT} ${ID}`);
    expect(await settle(aRollback(BLUE, RED, SUCCESSOR))).toMatchObject({ id: successorId(ADDRESS, SUCCESSOR) });
  });

  test('replaces again where the predecessor is not what it was', async () => {
    things.put(ACCOUNT, ID, { color: 'green' });
    expect(await settle(aRollback(BLUE, RED, SUCCESSOR))).toMatchObject({ id: successorId(ADDRESS, SUCCESSOR) });
  });
});

test('the rollback of a change in place does not return to what an earlier update has replaced and retained', async () => {
  // Once red, replaced by blue, which someone has painted red since; then resized, which is rolled back.
  things.put(ACCOUNT, ID);
  things.put(ACCOUNT, SUCCESSOR, { size: 2, tags: { 'cdk-settled:id': SUCCESSOR, [REPLACES_TAG]: ID } });
  expect(await settle(aRollback({ ...RED, Size: '2' }, RED, SUCCESSOR))).toEqual({
    id: SUCCESSOR,
    data: { Id: SUCCESSOR, Size: '1' },
  });
});

describe('what a failed replacement has left', () => {
  beforeEach(() => {
    things.put(ACCOUNT, ID);
    things.put(ACCOUNT, SUCCESSOR, { color: 'blue' });
  });

  test('is removed by the rollback, for which CloudFormation still has the old id', async () => {
    expect(await settle(aRollback(BLUE, RED))).toMatchObject({ id: ID, data: { Id: ID } });
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('is removed by the next update if the rollback could not', async () => {
    await settle(anUpdate(RED, { ...RED, Size: '2' }));
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('is removed by the Delete', async () => {
    await settle(aDeletion(ID));
    expect(things.ids(ACCOUNT)).toEqual([]);
  });

  test('stays where CloudFormation knows it as the resource, the old one being deleted after a replacement', async () => {
    await settle(aDeletion(ID, RED, SUCCESSOR));
    expect(things.ids(ACCOUNT)).toEqual([SUCCESSOR]);
  });

  test('keeps the request open until it is gone', async () => {
    const event = await identified(aDeletion(ID));
    cloudFormation.failures = Array.from({ length: 4 }, (_, i) => (i < 2 ? undefined : THROTTLING));
    expect(await invoke(event)).toEqual({ IsComplete: false });
    expect(things.ids(ACCOUNT)).toEqual([SUCCESSOR]);
    cloudFormation.failures = [];
    expect(await invoke(event)).toEqual({ IsComplete: true, Data: {} });
    expect(things.ids(ACCOUNT)).toEqual([]);
  });

  test('is continued by the next try of the same replacement', async () => {
    expect(await settle(anUpdate(RED, { ...BLUE, Size: '4' }))).toEqual({
      id: SUCCESSOR,
      data: { Id: SUCCESSOR, Size: '4' },
    });
    expect(things.acts).toEqual([`ResizeThing ${SUCCESSOR}`]);
  });
});

describe('a move to another account', () => {
  const here = RED;
  const there = withRole(OTHER_ACCOUNT, RED);

  beforeEach(() => things.put(ACCOUNT, ID));

  test('replaces, and leaves the old one to its Delete', async () => {
    expect(await settle(anUpdate(here, there))).toMatchObject({ id: SUCCESSOR });
    expect(things.ids(OTHER_ACCOUNT)).toEqual([SUCCESSOR]);
    expect(things.ids(ACCOUNT)).toEqual([ID]);
    await settle(aDeletion(ID, here, SUCCESSOR));
    expect(things.ids(ACCOUNT)).toEqual([]);
    expect(things.ids(OTHER_ACCOUNT)).toEqual([SUCCESSOR]);
  });

  test('is possible even for what cannot stand twice in one account', async () => {
    const fixed = { Fixed: 'true' };
    expect(await settle(anUpdate({ ...here, ...fixed }, { ...there, ...fixed }))).toMatchObject({ id: SUCCESSOR });
  });

  test('is rolled back to the old one', async () => {
    await settle(anUpdate(here, there));
    expect(await settle(aRollback(there, here, SUCCESSOR))).toMatchObject({ id: ID });
    await settle(aDeletion(SUCCESSOR, there, ID));
    expect(things.ids(ACCOUNT)).toEqual([ID]);
    expect(things.ids(OTHER_ACCOUNT)).toEqual([]);
  });

  test('that failed is rolled back in the account where it has left something', async () => {
    things.put(OTHER_ACCOUNT, SUCCESSOR);
    expect(await settle(aRollback(there, here))).toMatchObject({ id: ID });
    expect(things.ids(OTHER_ACCOUNT)).toEqual([]);
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('is no move where another role of the same account is assumed', async () => {
    expect(await settle(anUpdate(here, withRole(ACCOUNT, RED)))).toMatchObject({ id: ID });
    expect(things.acts).toEqual([]);
  });

  test('whose role cannot be assumed fails in onEvent after the time that a new role takes', async () => {
    things.unreachable.set(OTHER_ACCOUNT, UNASSUMABLE);
    await expect(invoke(anUpdate(here, there))).rejects.toThrow(
      'the role arn:aws:iam::444455556666:role/Deploy could not be assumed',
    );
    expect(waited()).toBeGreaterThanOrEqual(60_000);
  });

  test('from where the thing cannot be looked at fails, and does not leave it behind', async () => {
    things.denied.set(ACCOUNT, 'looking at the thing failed: not allowed');
    await expect(invoke(anUpdate(here, there))).rejects.toThrow('looking at the thing failed: not allowed');
    expect(things.ids(OTHER_ACCOUNT)).toEqual([]);
  });

  test('whose role cannot be assumed is rolled back all the same, since it has made nothing there', async () => {
    things.unreachable.set(OTHER_ACCOUNT, UNASSUMABLE);
    expect(await settle(aRollback(there, here))).toMatchObject({ id: ID, data: { Id: ID } });
    expect(output()).toContain('not looking for leftovers');
  });

  test('to another role of the same account, which cannot be assumed, is rolled back with the role that works', async () => {
    const failed = withRole(ACCOUNT, BLUE);
    things.unreachable.set(`arn:aws:iam::${ACCOUNT}:role/Deploy`, UNASSUMABLE);
    things.put(ACCOUNT, SUCCESSOR, { color: 'blue' });
    expect(await settle(aRollback(failed, here))).toMatchObject({ id: ID });
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('whose AssumeRole could not be decoded is rolled back all the same', async () => {
    const broken = { ...RED, AssumeRole: { RoleArn: '' } };
    await expect(invoke(anUpdate(here, broken))).rejects.toThrow('property AssumeRole.RoleArn is required');
    expect(await settle(aRollback(broken, here))).toMatchObject({ id: ID });
  });

  test('is not taken for finished when the other account only throttles', async () => {
    things.put(OTHER_ACCOUNT, SUCCESSOR);
    const event = await identified(aRollback(there, here));
    things.unreachable.set(OTHER_ACCOUNT, awsError('Throttling'));
    clock.advance(300_000);
    expect(await invoke(event)).toEqual({ IsComplete: false });
    things.unreachable.clear();
    expect(await invoke(event)).toMatchObject({ IsComplete: true });
    expect(things.ids(OTHER_ACCOUNT)).toEqual([]);
  });
});

describe('a Delete', () => {
  test('keeps its id in onEvent and neither looks nor acts there', async () => {
    things.put(ACCOUNT, ID);
    expect(await identify(aDeletion(ID))).toMatchObject({ PhysicalResourceId: ID });
    expect(things.looks).toEqual([]);
    expect(things.acts).toEqual([]);
  });

  test('removes the resource and has no data', async () => {
    things.put(ACCOUNT, ID);
    expect(await settle(aDeletion(ID))).toEqual({ id: ID, data: {} });
    expect(things.ids(ACCOUNT)).toEqual([]);
  });

  test('of what is gone is done without a call', async () => {
    await settle(aDeletion(ID));
    expect(things.acts).toEqual([]);
  });

  test('does not depend on properties that can be decoded', async () => {
    things.put(ACCOUNT, ID);
    await settle(aDeletion(ID, { Size: 'big' }));
    expect(things.ids(ACCOUNT)).toEqual([]);
  });

  test('leaves what stands under the id without our tag', async () => {
    things.put(ACCOUNT, ID, { tags: {} });
    await settle(aDeletion(ID));
    expect(things.ids(ACCOUNT)).toEqual([ID]);
  });

  test('with an id that CloudFormation made up removes what the cancelled creation has made, also late', async () => {
    const event = await identified(aDeletion(MADE_UP_ID));
    expect(await invoke(event)).toEqual({ IsComplete: false });
    things.put(ACCOUNT, ID, { tags: { 'cdk-settled:id': ID, [OWNER_TAG]: ownerOf(ADDRESS) } });
    things.put(ACCOUNT, 'theirs', { tags: { [OWNER_TAG]: ownerOf({ ...ADDRESS, logicalId: 'Other' }) } });
    expect(await invoke(event)).toEqual({ IsComplete: false });
    expect(things.ids(ACCOUNT)).toEqual(['theirs']);
    clock.advance(15_000);
    expect(await invoke(event)).toMatchObject({ IsComplete: true });
    expect(things.ids(ACCOUNT)).toEqual(['theirs']);
    expect(new Set(things.looks)).toEqual(new Set([MADE_UP_ID]));
  });

  test('with one of our ids leaves other resources of the same owner', async () => {
    things.put(ACCOUNT, 'other', { tags: { 'cdk-settled:id': 'other', [OWNER_TAG]: ownerOf(ADDRESS) } });
    await settle(aDeletion(ID));
    expect(things.ids(ACCOUNT)).toEqual(['other']);
  });
});

describe('an Update whose role cannot be assumed', () => {
  const there = withRole(OTHER_ACCOUNT, RED);
  const failureOf = (event: ResourceEvent) => invoke(event).then(String, ({ message }) => message as string);

  beforeEach(() => {
    things.put(OTHER_ACCOUNT, ID);
    things.unreachable.set(OTHER_ACCOUNT, UNASSUMABLE);
  });

  test('says in a rollback how to get out', async () => {
    const message = await failureOf(aRollback({ ...there, Size: '9' }, there));
    expect(message).toContain('the role arn:aws:iam::444455556666:role/Deploy could not be assumed: check that');
    expect(message).toContain(
      'deploy the role again (same name, trust and permissions) and continue the rollback: aws cloudformation ' +
        `continue-update-rollback --stack-name shop --region eu-central-1 (with --resources-to-skip ${ADDRESS.logicalId}`,
    );
  });

  test('says before that only what to check, since the stack goes back by itself', async () => {
    const message = await failureOf(anUpdate(there, { ...there, Size: '9' }));
    expect(message).toContain('could not be assumed: check that');
    expect(message).not.toContain('continue-update-rollback');
  });
});

describe('a Delete whose role cannot be assumed', () => {
  const there = withRole(OTHER_ACCOUNT, RED);
  /** From this stack status on. */
  const deletionIn = async (stackStatus: string, id = ID): Promise<ResourceEvent> => {
    const event = aDeletion(id, there);
    cloudFormation.operate(stackStatus, 'DELETE_IN_PROGRESS', clock.now().toISOString(), id);
    return identified(event);
  };

  beforeEach(() => {
    things.put(OTHER_ACCOUNT, ID);
    things.unreachable.set(OTHER_ACCOUNT, UNASSUMABLE);
  });

  test('waits for it as long as a new role takes to spread', async () => {
    const event = await deletionIn('DELETE_IN_PROGRESS');
    clock.advance(59_999);
    expect(await invoke(event)).toEqual({ IsComplete: false });
  });

  test.each(['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'then fails in %s and says how to get out',
    async (status) => {
      const event = await deletionIn(status);
      clock.advance(60_000);
      const { message } = await invoke(event).catch((error) => error);
      expect(message).toContain('the role arn:aws:iam::444455556666:role/Deploy could not be assumed: check that');
      expect(message).toContain('deploy the role again (same name, trust and permissions) and delete the stack again');
      expect(message).toContain(
        `aws cloudformation delete-stack --stack-name shop --retain-resources ${ADDRESS.logicalId} --region eu-central-1`,
      );
      expect(message).toContain(`remove ${ID} by hand in account ${OTHER_ACCOUNT}, region eu-central-1`);
      expect(message).not.toMatch(/…$/);
    },
  );

  test('of a clean-up says only what to remove, since CloudFormation does not stop for it', async () => {
    const event = await deletionIn('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    clock.advance(60_000);
    const { message } = await invoke(event).catch((error) => error);
    expect(message).toContain(`remove ${ID} by hand in account ${OTHER_ACCOUNT}`);
    expect(message).not.toContain('delete-stack');
  });

  test('with an id that CloudFormation made up ends well in the rollback of the creation, which made nothing', async () => {
    const event = await deletionIn('ROLLBACK_IN_PROGRESS', MADE_UP_ID);
    clock.advance(60_000);
    expect(await invoke(event)).toEqual({ IsComplete: true, Data: {} });
    expect(output()).toContain('not looking any more');
  });

  test('with such an id fails at any other time, when the role may have gone later', async () => {
    const event = await deletionIn('DELETE_IN_PROGRESS', MADE_UP_ID);
    clock.advance(60_000);
    await expect(invoke(event)).rejects.toThrow(
      `remove what ${ADDRESS.logicalId} may have made by hand in account ${OTHER_ACCOUNT}`,
    );
  });

  test('does not end well where calls are denied after the role was assumed', async () => {
    things.unreachable.set(OTHER_ACCOUNT, awsError('AccessDenied', 'no', 403));
    const event = await deletionIn('ROLLBACK_IN_PROGRESS', MADE_UP_ID);
    await expect(invoke(event)).rejects.toThrow('AccessDenied: no');
  });
});

describe('a transient error in onEvent', () => {
  test('of CloudFormation is waited out, ever longer', async () => {
    cloudFormation.failures = Array(6).fill(THROTTLING);
    expect(await identify(creation())).toMatchObject({ PhysicalResourceId: ID });
    expect(clock.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
  });

  test('that does not end fails the request with what AWS said', async () => {
    cloudFormation.failures = Array(100).fill(THROTTLING);
    await expect(invoke(creation())).rejects.toMatchObject({
      name: 'SettlingError',
      message: 'asking CloudFormation for the stack failed: Throttling: as told by AWS (AWS request id r-42)',
    });
  });

  test('of a look at the resource is waited out', async () => {
    things.put(ACCOUNT, ID);
    things.failures = [awsError('ThrottlingException'), awsError('InternalServerException', '?', 500)];
    expect(await identify(anUpdate(RED, BLUE))).toMatchObject({ PhysicalResourceId: SUCCESSOR });
    expect(clock.pauses).toEqual([1_000, 2_000]);
  });
});

test('any other error in onEvent fails the request at once with the remedy', async () => {
  cloudFormation.failures = [{ status: 403, code: 'AccessDenied', message: 'not authorized' }];
  await expect(invoke(creation())).rejects.toThrow(/AccessDenied: not authorized .*; .*grant this action to the role/);
  expect(clock.pauses).toEqual([]);
});

describe('the log', () => {
  const SECRET = 'wJalrXUtnFEMI';
  const RESPONSE_URL = 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?X-Amz-Signature=0a1b2c';

  function withSecrets(event: ResourceEvent): ResourceEvent {
    const properties = { ...event.ResourceProperties, Password: SECRET };
    return { ...event, ResponseURL: RESPONSE_URL, ResourceProperties: properties } as ResourceEvent;
  }

  test('names stack, resource and request, and neither the response address nor properties', async () => {
    things.put(ACCOUNT, ID);
    await settle(withSecrets(creation()));
    await settle(withSecrets(anUpdate(RED, BLUE)));
    await settle(withSecrets(aDeletion(ID)));
    for (const expected of [
      '"stack":"shop"',
      ADDRESS.logicalId,
      ID,
      '"requestType":"Update"',
      'request-1',
      'DeleteThing',
    ]) {
      expect(output()).toContain(expected);
    }
    for (const unexpected of ['amazonaws.com', 'X-Amz-Signature', SECRET, 'not-a-secret']) {
      expect(output()).not.toContain(unexpected);
    }
  });

  test('has none of it when the request fails, and neither has the error', async () => {
    const failing = withSecrets(creation({ Color: 'red', Size: 'big' }));
    const error = await invoke(failing).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'SettlingError' });
    expect(`${output()}${error.stack}`).not.toMatch(new RegExp(`X-Amz-Signature|${SECRET}`));
  });

  test('does not carry the keys of one request over to the next', async () => {
    await settle(creation());
    const before = output().length;
    await settle(anEvent({ RequestId: 'request-2', LogicalResourceId: 'Another' }));
    expect(output().slice(before)).toContain('request-2');
    expect(output().slice(before)).not.toContain('request-1');
  });
});

test('what onEvent answers, which the Step Functions input shows, has neither properties nor the response address', async () => {
  const event = { ...creation({ ...RED, Password: 'hunter2' }), ResponseURL: 'https://example.com' } as ResourceEvent;
  const answer = await invoke(event);
  expect(Object.keys(answer).sort()).toEqual(['PhysicalResourceId', 'SettledRun']);
  expect(JSON.stringify(answer)).not.toMatch(/hunter2|example\.com/);
});
