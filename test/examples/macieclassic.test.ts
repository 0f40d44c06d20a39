import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArchiveStack } from '../../examples/macieclassic/archive-stack';
import { macieClassicScenario } from '../../examples/macieclassic/scenario';
import { play } from '../../examples/scenario';
import { withoutAssetHashes } from '../support/asset-hashes';

test('the template of the archive example is as last reviewed', () => {
  const template = Template.fromStack(new ArchiveStack(new App(), 'Archive')).toJSON();
  expect(withoutAssetHashes(template)).toMatchSnapshot();
});

test('the scenario of the demo tells what was refused and what follows Macie Classic, and leaves an empty account', async () => {
  const lines: string[] = [];
  await play(macieClassicScenario, (line) => lines.push(line), false);
  const failures = lines.filter((line) => /(CREATE|UPDATE)_FAILED .*Custom::/.test(line));
  expect(failures).toEqual([
    expect.stringMatching(/refused 1 of the associations: partner-exchange\/outgoing\/ \(AccessDenied/),
    expect.stringMatching(/its name does not resolve.*macie\.ClassificationJob/),
  ]);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 60_000);
