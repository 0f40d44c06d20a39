import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrdersStack } from '../../examples/performanceinsights/orders-stack';
import { performanceInsightsScenario } from '../../examples/performanceinsights/scenario';
import { play } from '../../examples/scenario';
import { withoutAssetHashes } from '../support/asset-hashes';

test('the template of the orders example is as last reviewed', () => {
  const template = Template.fromStack(new OrdersStack(new App(), 'Orders')).toJSON();
  expect(withoutAssetHashes(template)).toMatchSnapshot();
});

test('the scenario of the demo shows the alarm on locks go off with its statements and end, and leaves an empty account', async () => {
  const lines: string[] = [];
  await play(performanceInsightsScenario, (line) => lines.push(line), false);
  const told = lines.filter((line) => /from (OK|ALARM) to .*: Orders-Locks|message to the topic: ALARM/.test(line));
  expect(told.map((line) => line.split('\n')[0]!.replace(/^ *\+[\d:]+ +|(?<=Locks)[-\w]+/g, ''))).toEqual([
    'Alarm updated from OK to ALARM: Orders-Locks',
    'message to the topic: ALARM: "Orders-Locks"',
    'Alarm updated from ALARM to OK: Orders-Locks',
  ]);
  expect(told[1]).toMatch(/By db\.sql_tokenized\n +1\. .*SELECT/);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 120_000);
