import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { play, type Scenario } from '../../examples/scenario';
import { delegationScenario } from '../../examples/sts/delegation-scenario';
import { federationScenario } from '../../examples/sts/federation-scenario';
import { FederationStack } from '../../examples/sts/federation-stack';
import { addWatch } from '../../examples/sts/watch';
import { withoutAssetHashes } from '../support/asset-hashes';

async function told(scenario: Scenario): Promise<string[]> {
  const lines: string[] = [];
  await play(scenario, (line) => lines.push(line), false);
  return lines;
}

test('the templates of the two accounts are as last reviewed', () => {
  const app = new App();
  addWatch(app);
  const templates = app.synth().stacks.map((stack) => [stack.stackName, withoutAssetHashes(stack.template)]);
  expect(Object.fromEntries(templates)).toMatchSnapshot();
});

test('the template of the federation example is as last reviewed', () => {
  const stack = new FederationStack(new App(), 'Federation', { samlMetadata: '<metadata>' });
  expect(withoutAssetHashes(Template.fromStack(stack).toJSON())).toMatchSnapshot();
});

test('the scenario of two accounts plays to its end, tells why it failed, and leaves both empty', async () => {
  const lines = await told(delegationScenario);
  expect(lines.filter((line) => line.includes('demands the external id "shop-7d2g"'))).toHaveLength(1);
  expect(lines.filter((line) => /decoded: .* may not ec2:CreateSecurityGroup/.test(line))).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 60_000);

test('everybody of the federation scenario comes in as told, and nobody else', async () => {
  const lines = await told(federationScenario);
  const people = lines.flatMap(
    (line) => /\d {2}(\S.*), by \w+.*: (comes in|refused)/.exec(line)?.slice(1, 3).join(' ') ?? [],
  );
  expect(people).toEqual([
    'a build of branch main comes in',
    'a build of branch my-fork refused',
    'ann of the staff comes in',
    'a visitor comes in',
    'customer-17 comes in',
    'somebody refused',
    'the operator with a code of the device comes in',
    'the operator without a code of the device refused',
  ]);
  expect(lines.at(-1)).toMatch(/left {10}nothing$/);
}, 60_000);
