import { ACCOUNT, custom, Lab, lines, plain, REGION } from './lab';

test('everything is deleted, the dependent first', async () => {
  const it = new Lab();
  await it.deploy({ A: plain(), B: plain({}, { DependsOn: 'A' }), C: custom({}, { DependsOn: 'B' }) });
  const result = await it.delete();
  expect(lines(result.events)).toEqual([
    'app DELETE_IN_PROGRESS',
    'C DELETE_IN_PROGRESS',
    'C DELETE_COMPLETE',
    'B DELETE_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'app DELETE_COMPLETE',
  ]);
  expect(it.inventory()).toEqual([]);
  expect(it.stack()).toBeUndefined();
});

test('a custom resource that refuses to go fails the deletion, which can be tried again', async () => {
  const it = new Lab();
  await it.deploy({ A: plain(), C: custom({}, { DependsOn: 'A' }), D: plain() });
  it.handler = () => ({ failed: 'still in use' });
  const result = await it.delete();
  expect(result).toMatchObject({
    status: 'DELETE_FAILED',
    statusReason: 'The following resource(s) failed to delete: [C].',
  });
  expect(it.inventory()).toEqual([expect.stringContaining('app-A-')]);
  await expect(it.deploy({ A: plain() })).rejects.toThrow('is in DELETE_FAILED state and can not be updated.');
  const again = await it.delete({ retainResources: ['C'] });
  expect(lines(again.events)).toEqual([
    'app DELETE_IN_PROGRESS',
    'C DELETE_SKIPPED',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'app DELETE_COMPLETE',
  ]);
});

test('resources can be retained only after a failed deletion', async () => {
  const it = new Lab();
  await it.deploy({ A: plain() });
  await expect(it.delete({ retainResources: ['A'] })).rejects.toThrow('DELETE_FAILED only');
});

test('a stack that does not exist cannot be deleted', async () => {
  await expect(new Lab().delete()).rejects.toThrow('Stack with id app does not exist');
});

test('a stack whose update could not be rolled back is deleted with all that it ever made', async () => {
  const it = new Lab({ rollbackOfReplacement: 'update-new' });
  await it.deploy({ A: custom({ v: 1 }) });
  it.handler = ({ RequestType, ResourceProperties }) => {
    if (RequestType !== 'Update') return {};
    return ResourceProperties.v === '2' ? { id: 'a-2' } : { failed: 'no way back' };
  };
  const result = await it.deploy({ A: custom({ v: 2 }), Bad: plain({ Fail: 'create' }, { DependsOn: 'A' }) });
  expect(result.status).toBe('UPDATE_ROLLBACK_FAILED');
  await expect(it.stacks.delete('app', ACCOUNT, REGION)).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(
    it
      .requests()
      .filter((request) => request.startsWith('Delete'))
      .sort(),
  ).toEqual(['Delete A a-1', 'Delete A a-2']);
  expect(it.inventory()).toEqual([]);
});

test('a stack of the same name can be made anew, and the old one stays describable by its id', async () => {
  const it = new Lab();
  const first = await it.deploy({ A: plain() });
  await it.delete();
  const second = await it.deploy({ A: plain() });
  expect(second.stackId).not.toBe(first.stackId);
  expect(it.stack(first.stackId)).toMatchObject({ status: 'DELETE_COMPLETE', deletionTime: expect.any(Number) });
  expect(it.stack().id).toBe(second.stackId);
});
