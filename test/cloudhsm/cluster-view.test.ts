import { describeClusters } from '../../src/cloudhsm/cluster-view.runtime';
import { FakeAws } from '../support/fake-aws';

const tag = (Key: string) => ({ Key, Value: 'x' });

test('clusters come from all pages, without those that are gone', async () => {
  const pages: Record<string, object> = {
    first: { Clusters: [{ ClusterId: 'a', TagList: [] }], NextToken: 'second' },
    second: {
      Clusters: [
        { ClusterId: 'b', TagList: [], State: 'DELETED' },
        { ClusterId: 'c', TagList: [] },
      ],
    },
  };
  const aws = new FakeAws({ DescribeClusters: ({ NextToken = 'first' }) => pages[NextToken] });
  expect((await describeClusters(aws.clients)).map(({ id }) => id)).toEqual(['a', 'c']);
});

test('tags that the description does not answer are listed, from all pages', async () => {
  const pages: Record<string, object> = {
    first: { TagList: [tag('a')], NextToken: 'second' },
    second: { TagList: [tag('b')] },
  };
  const aws = new FakeAws({
    DescribeClusters: () => ({
      Clusters: [{ ClusterId: 'cluster-1' }, { ClusterId: 'cluster-2', TagList: [tag('c')] }],
    }),
    ListTags: ({ ResourceId, NextToken = 'first' }) => (ResourceId === 'cluster-1' ? pages[NextToken] : undefined),
  });
  const [one, two] = await describeClusters(aws.clients);
  expect([one?.tags, two?.tags]).toEqual([{ a: 'x', b: 'x' }, { c: 'x' }]);
  expect(aws.calls).toEqual(['DescribeClusters', 'ListTags', 'ListTags']);
});
