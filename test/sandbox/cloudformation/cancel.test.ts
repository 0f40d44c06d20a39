import { ACCOUNT, custom, Lab, lines, plain, REGION } from './lab';

test('when a sibling fails, a create under way gets Delete with a made-up id while it still runs', async () => {
  const it = new Lab();
  it.handler = ({ RequestType }) => ({ afterSeconds: RequestType === 'Create' ? 100 : 1 });
  const times: number[] = [];
  it.stacks.onEvent(({ status, at }) => {
    if (status === 'ROLLBACK_IN_PROGRESS' || status === 'DELETE_IN_PROGRESS') times.push(at);
  });
  const result = await it.deploy({ A: custom(), Bad: plain({ Fail: 'create', Seconds: 10 }) });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(it.requests()).toEqual(['Create A', expect.stringMatching(/^Delete A app-A-[A-Z0-9]{13}$/)]);
  expect(times[1]! - times[0]!).toBe(3_000);
  await it.clock.sleep(200_000);
  expect(it.lateAnswers).toEqual(['A']);
  expect(it.stack().resources.get('A')?.status).toBe('DELETE_COMPLETE');
});

test('when a sibling fails, an update under way gets the opposite update', async () => {
  const it = new Lab();
  await it.deploy({ A: custom({ v: 1 }) });
  it.handler = ({ ResourceProperties }) => ({ afterSeconds: ResourceProperties.v === '2' ? 100 : 1 });
  const result = await it.deploy({ A: custom({ v: 2 }), Bad: plain({ Fail: 'create', Seconds: 5 }) });
  expect(lines(result.events, true)).toContain('A UPDATE_FAILED: Resource update cancelled');
  expect(it.events.at(-1)).toMatchObject({
    RequestType: 'Update',
    PhysicalResourceId: 'a-1',
    ResourceProperties: { v: '1' },
    OldResourceProperties: { v: '2' },
  });
  expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('the user can cancel an update at any event, and it is rolled back', async () => {
  const moments = ['UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'];
  for (const moment of moments) {
    const it = new Lab();
    await it.deploy({ A: plain({ Value: 'old' }) });
    const result = await it.deploy(
      { A: plain({ Value: 'new', Seconds: 9 }), B: plain() },
      { cancelWhen: (what) => 'status' in what && what.status === moment },
    );
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(it.stack().resources.get('A')?.instance?.attributes).toEqual({ Value: 'old' });
    expect(it.inventory()).toHaveLength(1);
  }
});

test('the user can cancel at a call of a function', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  it.handler = () => {
    it.call('CreateThing');
    return { afterSeconds: 10 };
  };
  const result = await it.deploy(
    { A: plain(), C: custom() },
    { cancelWhen: (what) => 'operation' in what && what.operation === 'CreateThing' },
  );
  expect(lines(result.events, true)).toContain('C CREATE_FAILED: Resource creation cancelled');
  expect(result.events.map((event) => event.reason)).toContain('Update cancelled by user.');
});

test('cancelling a creation deletes the stack', async () => {
  const it = new Lab();
  const running = it.deploy({
    A: plain({ Seconds: 100 }),
    B: plain({ Seconds: 1 }, { DeletionPolicy: 'RetainExceptOnCreate' }),
  });
  await it.clock.sleep(5_000);
  it.stacks.cancel('app', ACCOUNT, REGION);
  const result = await running;
  expect(result.status).toBe('DELETE_COMPLETE');
  expect(lines(result.events, true)).toContain('A CREATE_FAILED: Resource creation cancelled');
  expect(it.inventory()).toEqual([]);
});

test('a creation can be deleted while it runs', async () => {
  const it = new Lab();
  const running = it.deploy({ A: custom() });
  it.handler = ({ RequestType }) => (RequestType === 'Create' ? undefined : {});
  await it.clock.sleep(5_000);
  await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  await expect(running).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(it.events).toHaveLength(2);
});

test('what is neither created nor updated cannot be cancelled', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  expect(() => it.stacks.cancel('app', ACCOUNT, REGION)).toThrow('cannot be called from current stack status');
});

test('a stack cannot be updated or deleted during an update or a rollback', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  const running = it.deploy({ A: plain({ Value: 1 }), Bad: plain({ Fail: 'create' }) });
  await it.clock.sleep(500);
  await expect(it.delete()).rejects.toThrow('Stack [app] cannot be deleted while in status UPDATE_IN_PROGRESS');
  await it.clock.sleep(2_000);
  await expect(it.delete()).rejects.toThrow('cannot be deleted while in status UPDATE_ROLLBACK_IN_PROGRESS');
  await expect(it.deploy({ A: plain() })).rejects.toThrow(
    'is in UPDATE_ROLLBACK_IN_PROGRESS state and can not be updated.',
  );
  await running;
});
