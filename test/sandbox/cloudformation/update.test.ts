import { ACCOUNT, custom, Lab, lines, plain, REGION } from './lab';

test('only what changed is updated, and what the template dropped is deleted in the cleanup', async () => {
  const it = new Lab();
  await it.deploy({
    Same: plain({ Value: 'same' }),
    Changed: plain({ Value: 'old' }),
    Dropped: plain({}, { DependsOn: 'Same' }),
  });
  expect(it.stack().lastUpdatedTime).toBeUndefined();
  const result = await it.deploy({
    Same: plain({ Value: 'same' }, { Metadata: { note: 'metadata alone is no change' } }),
    Changed: plain({ Value: 'new' }),
    Added: plain({ Value: { 'Fn::GetAtt': ['Changed', 'Value'] } }),
  });
  expect(lines(result.events)).toEqual([
    'app UPDATE_IN_PROGRESS',
    'Changed UPDATE_IN_PROGRESS',
    'Changed UPDATE_COMPLETE',
    'Added CREATE_IN_PROGRESS',
    'Added CREATE_IN_PROGRESS',
    'Added CREATE_COMPLETE',
    'app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Dropped DELETE_IN_PROGRESS',
    'Dropped DELETE_COMPLETE',
    'app UPDATE_COMPLETE',
  ]);
  expect(it.stack().lastUpdatedTime).toBe(result.events[0]?.at);
  expect(it.stack().resources.get('Added')?.instance?.attributes).toEqual({ Value: 'new' });
  expect(it.stack().resources.get('Same')?.terms.metadata).toEqual({ note: 'metadata alone is no change' });
  expect(it.stack().removed.get('Dropped')?.status).toBe('DELETE_COMPLETE');
});

test('the same template again is no update', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  const result = await it.deploy({ A: plain() });
  expect(result).toMatchObject({
    status: 'CREATE_COMPLETE',
    statusReason: 'No updates are to be performed.',
    noChanges: true,
    events: [],
  });
});

test('a change that needs a new resource makes it first and deletes the old one in the cleanup', async () => {
  const it = new Lab();
  const topic = (TopicName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });
  await it.deploy({ T: topic('one') });
  const result = await it.deploy({ T: topic('two') });
  const at = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
  expect(
    result.events.map(({ status, physicalId, type }) => (type === 'AWS::SNS::Topic' ? [status, physicalId] : [])),
  ).toEqual([
    [],
    ['UPDATE_IN_PROGRESS', at('one')],
    ['UPDATE_IN_PROGRESS', at('two')],
    ['UPDATE_COMPLETE', at('two')],
    [],
    ['DELETE_IN_PROGRESS', at('one')],
    ['DELETE_COMPLETE', at('one')],
    [],
  ]);
  expect(it.inventory()).toEqual(['topic two']);
});

test('a replaced resource stays when its UpdateReplacePolicy says so', async () => {
  const it = new Lab();
  const topic = (TopicName: string) => ({
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName },
    UpdateReplacePolicy: 'Retain',
  });
  await it.deploy({ T: topic('one') });
  const result = await it.deploy({ T: topic('two') });
  expect(lines(result.events)).toContain('T DELETE_SKIPPED');
  expect(it.inventory()).toHaveLength(2);
});

test('a dropped resource stays when its DeletionPolicy says so', async () => {
  const it = new Lab();
  await it.deploy({ A: plain(), B: plain({}, { DeletionPolicy: 'RetainExceptOnCreate' }) });
  await it.deploy({ A: plain() });
  expect(it.inventory()).toHaveLength(2);
});

test('tags of the stack reach the resources that can have tags, and only those', async () => {
  const it = new Lab();
  const trust = {
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  };
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, RoleName: 'r' } };
  await it.deploy({ Role: role, Other: plain() }, { tags: { team: 'a' } });
  expect(it.iam.roleByName(ACCOUNT, 'r')?.tags).toEqual({ team: 'a' });
  const result = await it.deploy({ Role: role, Other: plain() }, { tags: { team: 'b' } });
  expect(it.iam.roleByName(ACCOUNT, 'r')?.tags).toEqual({ team: 'b' });
  expect(lines(result.events).filter((line) => line.startsWith('Other'))).toEqual([]);
});

test('a resource cannot change its type', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  await expect(it.deploy({ A: custom() })).rejects.toThrow('modifies resource type of the following resources: [A]');
});

test('what cannot be deleted in the cleanup is left behind', async () => {
  const it = new Lab();
  await it.deploy({ A: plain(), B: plain({ Fail: 'delete', Message: 'in use' }) });
  const result = await it.deploy({ A: plain() });
  expect(result).toMatchObject({
    status: 'UPDATE_COMPLETE',
    statusReason: 'Update successful. One or more resources could not be deleted.',
  });
  expect(lines(result.events, true)).toContain('B DELETE_FAILED: in use');
  expect(it.inventory()).toEqual([expect.stringContaining('app-A'), expect.stringContaining('app-B')]);
});

test('a failed update is rolled back: what was updated goes back, what was added goes away', async () => {
  const it = new Lab();
  await it.deploy(
    { A: plain({ Value: 'old' }), Dropped: plain() },
    { template: { Outputs: { V: { Value: 'before' } } } },
  );
  const result = await it.deploy(
    {
      A: plain({ Value: 'new' }),
      Added: plain(),
      Kept: plain({}, { DeletionPolicy: 'Retain' }),
      Bad: plain({ Fail: 'create', Seconds: 5 }, { DependsOn: ['A', 'Added'] }),
      Slow: plain({ Seconds: 60 }),
    },
    { template: { Outputs: { V: { Value: 'after' } } } },
  );
  const told = lines(result.events, true);
  const rollback = told.slice(told.findIndex((line) => line.startsWith('app UPDATE_ROLLBACK')));
  expect(rollback.slice(0, 5)).toEqual([
    'app UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Bad, Slow].',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'app UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'Kept DELETE_SKIPPED',
  ]);
  expect(rollback.indexOf('Bad DELETE_COMPLETE')).toBeLessThan(rollback.indexOf('Added DELETE_IN_PROGRESS'));
  expect(rollback.at(-1)).toBe('app UPDATE_ROLLBACK_COMPLETE');
  expect(it.stack().resources.get('A')?.instance?.attributes).toEqual({ Value: 'old' });
  expect(it.stack().outputs[0]?.value).toBe('before');
  expect(it.inventory().map((name) => name.split('-')[1])).toEqual(['A', 'Dropped', 'Kept']);
});

test('the rollback of a replacement lets the old resource count again', async () => {
  const it = new Lab();
  const topic = (TopicName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName } });
  await it.deploy({ T: topic('one') });
  const result = await it.deploy({ T: topic('two'), Bad: plain({ Fail: 'create' }, { DependsOn: 'T' }) });
  expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(it.stack().resources.get('T')?.instance?.ref).toMatch(/:one$/);
  expect(it.inventory()).toEqual(['topic one']);
  await it.delete();
  expect(it.inventory()).toEqual([]);
});

test('a rollback that fails can be continued, leaving out what cannot be brought back', async () => {
  const it = new Lab();
  it.handler = ({ RequestType }) => (RequestType === 'Update' ? { failed: 'cannot' } : {});
  await it.deploy({ A: custom({ v: 1 }), B: plain({ Value: 'old' }) });
  const result = await it.deploy({ A: custom({ v: 2 }, { DependsOn: 'B' }), B: plain({ Value: 'new' }) });
  expect(result).toMatchObject({
    status: 'UPDATE_ROLLBACK_FAILED',
    statusReason: 'The following resource(s) failed to update: [A].',
  });
  await expect(it.deploy({ A: custom() })).rejects.toThrow('UPDATE_ROLLBACK_FAILED state and can not be updated');
  const again = await it.stacks.continueRollback('app', ACCOUNT, REGION, ['A']);
  expect(again.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(it.stack().resources.get('B')?.instance?.attributes).toEqual({ Value: 'old' });
});

test('an update without rollback keeps what was done; the next one tries the failed again', async () => {
  const it = new Lab();
  await it.deploy({ A: custom({ v: 1 }), B: plain({ Value: 'old' }) });
  it.handler = ({ RequestType }) => (RequestType === 'Update' ? { failed: 'not now' } : {});
  const failed = await it.deploy(
    { A: custom({ v: 2 }, { DependsOn: 'B' }), B: plain({ Value: 'new' }) },
    { disableRollback: true },
  );
  expect(failed.status).toBe('UPDATE_FAILED');
  it.handler = () => ({});
  const fixed = await it.deploy({ A: custom({ v: 2 }, { DependsOn: 'B' }), B: plain({ Value: 'new' }) });
  expect(fixed.status).toBe('UPDATE_COMPLETE');
  expect(it.events.at(-1)).toMatchObject({
    RequestType: 'Update',
    ResourceProperties: { v: '2' },
    OldResourceProperties: { v: '1' },
  });
  expect(lines(fixed.events)).not.toContain('B UPDATE_IN_PROGRESS');
});

test('an update that failed without rollback goes back to the last stable state when rolled back', async () => {
  const it = new Lab();
  await it.deploy({ B: plain({ Value: 'old' }) });
  const changed = { B: plain({ Value: 'new' }), Bad: plain({ Fail: 'create' }, { DependsOn: 'B' }) };
  await it.deploy(changed, { disableRollback: true });
  expect(it.stack().resources.get('B')?.instance?.attributes).toEqual({ Value: 'new' });
  const result = await it.stacks.rollback('app', ACCOUNT, REGION);
  expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(it.stack().resources.get('B')?.instance?.attributes).toEqual({ Value: 'old' });
  expect(it.inventory()).toHaveLength(1);
});

test.each([true, false])(
  'a rollback touches LastUpdatedTime only when asked to: %s',
  async (rollbackTouchesLastUpdated) => {
    const it = new Lab({ rollbackTouchesLastUpdated });
    await it.deploy({ A: plain() });
    const { events } = await it.deploy({ A: plain(), Bad: plain({ Fail: 'create' }) });
    const rollback = events.find((event) => event.status === 'UPDATE_ROLLBACK_IN_PROGRESS')!;
    expect(it.stack().lastUpdatedTime).toBe(rollbackTouchesLastUpdated ? rollback.at : events[0]!.at);
  },
);
