import { custom, Lab, lines, plain } from './lab';

test('resources are created in the order of their dependencies, the independent at the same time', async () => {
  const it = new Lab();
  const result = await it.deploy({
    B: plain({ Seconds: 2, Value: { 'Fn::GetAtt': ['A', 'Value'] } }),
    A: plain({ Seconds: 5, Value: 'v' }),
    C: plain({ Seconds: 1 }),
  });
  expect(lines(result.events, true)).toEqual([
    'app CREATE_IN_PROGRESS: User Initiated',
    'A CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS: Resource creation Initiated',
    'C CREATE_IN_PROGRESS',
    'C CREATE_IN_PROGRESS: Resource creation Initiated',
    'C CREATE_COMPLETE',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_IN_PROGRESS: Resource creation Initiated',
    'B CREATE_COMPLETE',
    'app CREATE_COMPLETE',
  ]);
  const [first] = result.events;
  expect(result.events.at(-1)!.at - first!.at).toBe(7_000);
  expect(result.stackId).toMatch(/^arn:aws:cloudformation:eu-central-1:111122223333:stack\/app\/[0-9a-f-]{36}$/);
});

test('a failure cancels the siblings, and all is deleted in reverse order', async () => {
  const it = new Lab();
  const result = await it.deploy({
    Base: plain({ Seconds: 1 }),
    Bad: plain({ Seconds: 3, Fail: 'create', Message: 'no luck' }, { DependsOn: 'Base' }),
    Slow: plain({ Seconds: 60 }, { DependsOn: 'Base' }),
    Never: plain({}, { DependsOn: 'Bad' }),
  });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  const told = lines(result.events, true);
  expect(told.slice(told.indexOf('Bad CREATE_FAILED: no luck'))).toEqual([
    'Bad CREATE_FAILED: no luck',
    'Slow CREATE_FAILED: Resource creation cancelled',
    'app ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.',
    'Bad DELETE_IN_PROGRESS',
    'Slow DELETE_IN_PROGRESS',
    'Bad DELETE_COMPLETE',
    'Slow DELETE_COMPLETE',
    'Base DELETE_IN_PROGRESS',
    'Base DELETE_COMPLETE',
    'app ROLLBACK_COMPLETE',
  ]);
  expect(it.inventory()).toEqual([]);
});

test('a stack that was rolled back can only be deleted', async () => {
  const it = new Lab();
  await it.deploy({ A: plain({ Fail: 'create' }) });
  await expect(it.deploy({ A: plain() })).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
  const { stackId, status } = await it.delete();
  expect(status).toBe('DELETE_COMPLETE');
  expect(it.stack()).toBeUndefined();
  expect(it.stack(stackId)?.status).toBe('DELETE_COMPLETE');
});

test('what is retained stays after the rollback, except for what is retained except on create', async () => {
  const it = new Lab();
  await it.deploy({
    Kept: plain({}, { DeletionPolicy: 'Retain' }),
    Gone: plain({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
    Bad: plain({ Seconds: 5, Fail: 'create' }),
  });
  expect(it.inventory()).toEqual([expect.stringContaining('app-Kept-')]);
  expect(it.stack().resources.get('Kept')?.status).toBe('DELETE_SKIPPED');
});

test('a rollback that cannot delete fails, and leaves what is needed by that', async () => {
  const it = new Lab();
  const result = await it.deploy({
    Base: plain(),
    Stuck: plain({ Fail: 'delete', Message: 'in use' }, { DependsOn: 'Base' }),
    Bad: plain({ Seconds: 5, Fail: 'create' }),
  });
  expect(result).toMatchObject({
    status: 'ROLLBACK_FAILED',
    statusReason: 'The following resource(s) failed to delete: [Stuck].',
  });
  expect(it.stack().resources.get('Base')?.status).toBe('CREATE_COMPLETE');
});

test('without rollback the siblings are cancelled all the same, and the next update makes the failed anew', async () => {
  const it = new Lab();
  it.handler = ({ LogicalResourceId }) => (LogicalResourceId === 'Slow' ? { afterSeconds: 60 } : {});
  const first = await it.deploy(
    { Fine: plain(), Slow: custom(), Bad: plain({ Seconds: 3, Fail: 'create' }) },
    { disableRollback: true },
  );
  expect(first).toMatchObject({
    status: 'CREATE_FAILED',
    statusReason: 'The following resource(s) failed to create: [Bad, Slow].',
  });
  it.handler = () => ({});
  const second = await it.deploy({ Fine: plain(), Slow: custom(), Bad: plain({ Seconds: 3 }) });
  expect(second.status).toBe('UPDATE_COMPLETE');
  expect(it.requests()).toEqual([
    'Create Slow',
    expect.stringMatching(/^Delete Slow app-Slow-[A-Z0-9]{13}$/),
    'Create Slow',
  ]);
  expect(lines(second.events)).not.toContain('Fine UPDATE_IN_PROGRESS');
  expect(it.inventory()).toHaveLength(2);
});

test('a creation that failed without rollback can be rolled back', async () => {
  const it = new Lab();
  await it.deploy({ A: plain(), B: plain({ Fail: 'create' }) }, { disableRollback: true });
  expect(it.inventory()).not.toEqual([]);
  const result = await it.stacks.rollback('app', '111122223333', 'eu-central-1');
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(it.inventory()).toEqual([]);
});

test('two hundred custom resources and more are no burden', async () => {
  const it = new Lab();
  const resources = Object.fromEntries(Array.from({ length: 499 }, (_, i) => [`R${i}`, custom({ i })]));
  const result = await it.deploy({ ...resources, Last: plain({}, { DependsOn: Object.keys(resources) }) });
  expect(result.status).toBe('CREATE_COMPLETE');
  expect(it.events).toHaveLength(499);
});

test('the same seed tells the same story', async () => {
  const story = async () => {
    const it = new Lab();
    return (await it.deploy({ A: custom(), B: plain(), C: plain({ Fail: 'create', Seconds: 4 }) })).events;
  };
  expect(await story()).toEqual(await story());
});
