import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, aws_iam as iam, Stack, Tags } from 'aws-cdk-lib';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import { Sandbox } from '../../sandbox/sandbox';
import { rum, sts } from '../../src';
import { expectNoSecrets } from '../support/no-secrets';

jest.setTimeout(60_000);

const [ACCOUNT, OTHER_ACCOUNT, REGION] = ['111111111111', '222222222222', 'eu-central-1'];
const ROLE = `arn:aws:iam::${OTHER_ACCOUNT}:role/Monitoring`;

const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-accounts-'));
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.start();
});

afterEach(() => sandbox.stop());

afterAll(() => rmSync(folder, { recursive: true, force: true }));

let synthesized = 0;

interface Variant {
  readonly tag?: string;
  readonly domain?: string;
  readonly boundary?: boolean;
}

/** A monitor of one account in another, whose role lets in only roles with a tag. */
function synth({ tag = 'web', domain = 'example.com', boundary = false }: Variant = {}): string {
  const app = new App({ outdir: path.join(folder, `${synthesized++}`), analyticsReporting: false });
  const there = new Stack(app, 'There', { env: { account: OTHER_ACCOUNT, region: REGION } });
  const statement = new iam.PolicyStatement({ actions: ['rum:*', 'iam:CreateServiceLinkedRole'], resources: ['*'] });
  const role = new iam.Role(there, 'Role', {
    roleName: 'Monitoring',
    assumedBy: new iam.AccountPrincipal(ACCOUNT).withConditions({
      StringEquals: { 'aws:PrincipalTag/department': 'web' },
    }),
    inlinePolicies: { Rum: new iam.PolicyDocument({ statements: [statement] }) },
  });
  if (boundary) {
    const narrow = new iam.PolicyStatement({ actions: ['rum:Get*', 'rum:List*'], resources: ['*'] });
    iam.PermissionsBoundary.of(role).apply(new iam.ManagedPolicy(there, 'Boundary', { statements: [narrow] }));
  }
  const here = new Stack(app, 'Here', { env: { account: ACCOUNT, region: REGION } });
  here.addDependency(there);
  Tags.of(here).add('department', tag);
  new rum.AppMonitor(here, 'Monitor', {
    domain,
    authorization: rum.Authorization.none(),
    assumeRole: sts.RoleAssumption.fromRoleArn(ROLE),
  });
  return app.synth().directory;
}

const statuses = (results: readonly StackResult[]) =>
  results.map(({ stackId, status }) => `${stackId.split(':')[4]} ${stackId.split('/')[1]} ${status}`);

const reasonsOf = (results: readonly StackResult[]) =>
  results.flatMap(({ events }) => events.map(({ reason = '' }) => reason)).join('\n');

test('the stacks of one assembly go to their accounts in order, and leave them in the opposite order', async () => {
  const assembly = synth();
  expect(statuses(await sandbox.deploy(assembly))).toEqual([
    `${OTHER_ACCOUNT} There CREATE_COMPLETE`,
    `${ACCOUNT} Here CREATE_COMPLETE`,
  ]);
  expect(sandbox.wholeInventory()).toContainEqual(
    expect.stringMatching(`^${OTHER_ACCOUNT}/${REGION}  rum app monitor`),
  );
  expect(statuses(await sandbox.destroy(assembly))).toEqual([
    `${ACCOUNT} Here DELETE_COMPLETE`,
    `${OTHER_ACCOUNT} There DELETE_COMPLETE`,
  ]);
  expect(sandbox.wholeInventory()).toEqual([]);
  expectNoSecrets(sandbox);
});

test('a stack of another account can be deleted by its name', async () => {
  await sandbox.deploy(synth(), { stacks: ['There'] });
  expect((await sandbox.stacks.delete('There', OTHER_ACCOUNT, REGION)).status).toBe('DELETE_COMPLETE');
});

test('the tags of a role in one account count in the trust of another, as they are at each call', async () => {
  await sandbox.deploy(synth());
  const results = await sandbox.deploy(synth({ tag: 'other', domain: 'example.org' }));
  expect(statuses(results).at(-1)).toBe(`${ACCOUNT} Here UPDATE_ROLLBACK_COMPLETE`);
  expect(reasonsOf(results)).toMatch(/not authorized to perform: sts:AssumeRole on resource: .*role\/Monitoring/);
  const { tags } = sandbox.iam.roles(ACCOUNT).find(({ name }) => name.includes('Rum'))!;
  expect(tags).toMatchObject({ department: 'web' });
  expectNoSecrets(sandbox);
});

test.each<[string, () => Variant, RegExp]>([
  ['a permissions boundary', () => ({ boundary: true }), /because no permissions boundary allows the rum:Create/],
  [
    'an organization',
    () => {
      const deny = { Effect: 'Deny', Action: 'rum:CreateAppMonitor', Resource: '*' } as const;
      sandbox.iam.serviceControlPolicies.set(OTHER_ACCOUNT, [{ Statement: deny }]);
      return {};
    },
    /with an explicit deny in a service control policy/,
  ],
])('what %s forbids in the other account is seen in the stack of the first', async (_, scene, reason) => {
  const results = await sandbox.deploy(synth(scene()));
  expect(statuses(results).at(-1)).toBe(`${ACCOUNT} Here ROLLBACK_COMPLETE`);
  expect(reasonsOf(results)).toMatch(reason);
  expectNoSecrets(sandbox);
});
