import { CloudHsmHarness } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

const tag = (Key: string, Value = '1') => ({ Key, Value });
const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => tag(`k${String(from + i).padStart(2, '0')}`));

test.each(['cluster', 'backup'])('a %s is tagged, retagged and untagged', async (kind) => {
  const id = await aws.active();
  const ResourceId = kind === 'cluster' ? id : (await aws.backups())[0]!.BackupId;
  await aws.call('TagResource', { ResourceId, TagList: [tag('a'), tag('b')] });
  await aws.call('TagResource', { ResourceId, TagList: [tag('b', '2'), tag('c')] });
  await aws.call('UntagResource', { ResourceId, TagKeyList: ['a', 'never-there'] });
  expect(await aws.call('ListTags', { ResourceId })).toEqual({ TagList: [tag('b', '2'), tag('c')] });
  const shown = kind === 'cluster' ? await aws.cluster(id) : (await aws.backups())[0]!;
  expect(shown.TagList).toEqual([tag('b', '2'), tag('c')]);
});

test('lists pages', async () => {
  const ResourceId = await aws.create({ TagList: many(0, 5) });
  const first = await aws.call('ListTags', { ResourceId, MaxResults: 3 });
  expect(first.TagList).toEqual(many(0, 3));
  const second = await aws.call('ListTags', { ResourceId, NextToken: first.NextToken });
  expect(second).toEqual({ TagList: many(3, 5) });
});

test('at most fifty tags', async () => {
  const ResourceId = await aws.create({ TagList: many(0, 50) });
  await aws.call('TagResource', { ResourceId, TagList: [tag('k00', '2')] });
  const error = await aws.failure('TagResource', { ResourceId, TagList: [tag('more')] });
  expect(error.code).toBe('CloudHsmResourceLimitExceededException');
});

test.each(['cluster-aaaaaaaaaaa', 'backup-aaaaaaaaaaa'])('does not know %s', async (ResourceId) => {
  const code = 'CloudHsmResourceNotFoundException';
  expect((await aws.failure('TagResource', { ResourceId, TagList: [tag('a')] })).code).toBe(code);
  expect((await aws.failure('UntagResource', { ResourceId, TagKeyList: ['a'] })).code).toBe(code);
  expect((await aws.failure('ListTags', { ResourceId })).code).toBe(code);
});
