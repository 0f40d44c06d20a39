import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArchiveStack } from '../../examples/macie/archive-stack';
import { macieScenario } from '../../examples/macie/scenario';
import { play } from '../../examples/scenario';
import { withoutAssetHashes } from '../support/asset-hashes';

test('the template of the archive example is as last reviewed', () => {
  const template = Template.fromStack(new ArchiveStack(new App(), 'Archive')).toJSON();
  expect(withoutAssetHashes(template)).toMatchSnapshot();
});

test('the scenario of the demo has jobs before the associations go, and leaves an empty account', async () => {
  const lines: string[] = [];
  await play(macieScenario, (line) => lines.push(line), false);
  const types = lines.map((line) => /_COMPLETE .*Custom::Settled(\w+)/.exec(line)?.[1]).filter(Boolean);
  expect(types.slice(0, 6)).toEqual([
    'MacieClassicS3Resources',
    'MacieClassificationExport',
    ...Array(3).fill('MacieClassificationJob'),
    'MacieClassicS3Resources',
  ]);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 60_000);
