import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { cloudHsmScenario } from '../../examples/cloudhsm/scenario';
import { VaultStack } from '../../examples/cloudhsm/vault-stack';
import { play } from '../../examples/scenario';
import { withoutAssetHashes } from '../support/asset-hashes';

test('the template of the vault example is as last reviewed', () => {
  const template = Template.fromStack(new VaultStack(new App(), 'Vault')).toJSON();
  expect(withoutAssetHashes(template)).toMatchSnapshot();
});

test('the scenario of the demo plays to its end and leaves nothing but what AWS keeps for seven days', async () => {
  const lines: string[] = [];
  await play(cloudHsmScenario, (line) => lines.push(line), false);
  const left = lines
    .at(-1)!
    .split('\n')
    .filter((line) => line.startsWith('  cloudhsm'));
  expect(left).not.toHaveLength(0);
  expect(left.filter((line) => !line.includes('pending deletion') && !line.includes('cloudhsm:'))).toEqual([]);
}, 120_000);
