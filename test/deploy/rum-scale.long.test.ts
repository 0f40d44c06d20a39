import type { Stack } from 'aws-cdk-lib';
import { IdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import * as iam from 'aws-cdk-lib/aws-iam';
import { rum } from '../../src';
import { Testbed } from './testbed';

jest.setTimeout(240_000);
afterEach(() => Testbed.stopAll());

/** `npm run bench` deploys 450; `test/rum/permissions.test.ts` checks what they need in policies. */
const MONITORS = 120;

function monitors(stack: Stack, count: number): void {
  const identityPool = IdentityPool.fromIdentityPoolId(stack, 'Pool', 'eu-central-1:12345678-90ab');
  const guestRole = new iam.Role(stack, 'Guest', {
    assumedBy: new iam.WebIdentityPrincipal('cognito-identity.amazonaws.com'),
  });
  const authorization = rum.Authorization.cognito({ identityPool, guestRole });
  for (let i = 0; i < count; i++) {
    new rum.AppMonitor(stack, `Monitor${i}`, { domain: `site${i}.example.com`, authorization });
  }
}

test(`${MONITORS} monitors of one stack share a provider, a pool and a guest role, deploy, and leave nothing`, async () => {
  // The sandbox's IAM refuses a role whose policies are longer than 10,240 bytes, as AWS does.
  const bed = await Testbed.start({ rum: { quotas: { appMonitors: MONITORS } } });
  const result = await bed.deploy((stack) => monitors(stack, MONITORS));
  expect(result.status).toBe('CREATE_COMPLETE');
  expect(bed.writes()).toHaveLength(MONITORS);
  expect(bed.sandbox.functions.list('111111111111', 'eu-central-1')).toHaveLength(4);
  expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(bed.sandbox.inventory()).toEqual([]);
});
