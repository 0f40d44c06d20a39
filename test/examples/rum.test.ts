import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { rumScenario } from '../../examples/rum/scenario';
import { ShopStack } from '../../examples/rum/shop-stack';
import { play } from '../../examples/scenario';
import { withoutAssetHashes } from '../support/asset-hashes';

test('the template of the shop example is as last reviewed', () => {
  const template = Template.fromStack(new ShopStack(new App(), 'Shop')).toJSON();
  expect(withoutAssetHashes(template)).toMatchSnapshot();
});

test('the scenario of the demo plays to its end and leaves an empty account', async () => {
  const lines: string[] = [];
  await play(rumScenario, (line) => lines.push(line), false);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 60_000);
