import {
  type Claim,
  claimKey,
  claimOwner,
  claimsOf,
  formatClaim,
  isClaim,
  isOfStack,
} from '../../src/cloudhsm/hsm-claim.runtime';
import { aCluster } from '../support/cluster-views';
import { ADDRESS, ID } from '../support/runs';

const ZONE = 'eu-central-1a';
const CLAIM: Claim = {
  key: claimKey(ID),
  owner: claimOwner(ADDRESS),
  at: new Date('2026-01-01T00:00:00Z'),
  zone: ZONE,
  tries: 2,
  invocation: 'a1b2c3d4',
  before: ['abcd1', 'abcd2'],
  replaces: '0123456789abcdef',
};
const ADDRESS_LONGEST = '255.255.255.255';
const BOUND: Claim = { ...CLAIM, eniId: 'eni-0123456789abcdef0', invocation: undefined };

test.each<[string, Claim]>([
  ['pending', CLAIM],
  ['pending without an invocation', { ...CLAIM, invocation: undefined }],
  ['pending as the first', { ...CLAIM, before: [], replaces: undefined }],
  ['pending with an address', { ...CLAIM, address: '10.0.1.4' }],
  ['bound', BOUND],
  ['bound with an address', { ...BOUND, address: '10.0.1.4' }],
  ['bound as the first', { ...BOUND, before: [], replaces: undefined }],
])('a claim that is %s is read as it was written', (_what, claim) => {
  expect(claimsOf(aCluster({ tags: { other: 'x', [claim.key]: formatClaim(claim) } }))).toEqual([claim]);
});

test.each([CLAIM, BOUND])('a claim with 28 HSMs in the longest zone fits into a tag', (claim) => {
  const before = Array.from({ length: 28 }, (_, index) => `abc${10 + index}`);
  const value = formatClaim({ ...claim, zone: 'ap-northeast-1-tpe-1a', address: ADDRESS_LONGEST, tries: 99, before });
  expect(value.length).toBeLessThanOrEqual(256);
  expect(value).toMatch(/^[\w .:/=+@-]+$/);
});

test('keys tell ids apart, owners tell addresses apart', () => {
  expect(claimKey(ID)).toMatch(/^cdk-settled:hsm:[0-9a-f]{16}$/);
  expect(isClaim(claimKey(ID))).toBe(true);
  expect(isClaim('cdk-settled:id')).toBe(false);
  expect(claimKey('other')).not.toBe(claimKey(ID));
  expect(claimOwner({ ...ADDRESS, logicalId: 'Other' })).not.toBe(claimOwner(ADDRESS));
  expect(isOfStack({ ...CLAIM, owner: claimOwner({ ...ADDRESS, logicalId: 'Other' }) }, ADDRESS)).toBe(true);
  expect(isOfStack({ ...CLAIM, owner: claimOwner({ ...ADDRESS, stackId: `${ADDRESS.stackId}0` }) }, ADDRESS)).toBe(
    false,
  );
});
