import { type Claim, claimKey, formatClaim } from '../../src/cloudhsm/hsm-claim.runtime';
import { candidatesFor, firstComerOf, mayAppear, predecessorOf, shareOf } from '../../src/cloudhsm/hsm-share.runtime';
import { aCluster, anHsm } from '../support/cluster-views';

const ZONE = 'eu-central-1a';
const START = Date.parse('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(START + seconds * 1000);
const [ONE, TWO, THREE] = ['eni-00001', 'eni-00002', 'eni-00003'].map((eniId, index) =>
  anHsm({ eniId, address: `10.0.1.${index + 1}` }),
) as [ReturnType<typeof anHsm>, ReturnType<typeof anHsm>, ReturnType<typeof anHsm>];

function aClaim(name: string, changes: Partial<Claim> = {}): Claim {
  return { key: claimKey(name), owner: 'o', at: after(0), zone: ZONE, tries: 1, before: [], ...changes };
}
function withClaims(claims: Claim[], hsms = [ONE, TWO, THREE], state = 'ACTIVE') {
  return aCluster({ state, hsms, tags: Object.fromEntries(claims.map((one) => [one.key, formatClaim(one)])) });
}
function shares(claims: Claim[], hsms = [ONE, TWO, THREE]) {
  return claims.map((claim) => shareOf(claim, withClaims(claims, hsms)).mine?.eniId);
}

test('candidates are the new HSMs of the zone that no other claim has bound', () => {
  const claim = aClaim('a', { before: ['00001'.slice(-5)] });
  const elsewhere = anHsm({ eniId: 'eni-00004', zone: 'eu-central-1b' });
  const cluster = withClaims([claim, aClaim('b', { eniId: 'eni-00002' })], [THREE, TWO, ONE, elsewhere]);
  expect(candidatesFor(claim, cluster).map(({ eniId }) => eniId)).toEqual(['eni-00003']);
});

test.each(['a', 'b'])('the HSM at an address is of the claim that asked for it (%s)', (name) => {
  const [first, second] = [aClaim('a'), aClaim('b')];
  const asked = { ...(name === 'a' ? first : second), address: TWO.address };
  const free = name === 'a' ? second : first;
  expect(shares([asked, free])).toEqual([TWO.eniId, ONE.eniId]);
  expect(shares([asked, free], [TWO])).toEqual([TWO.eniId, undefined]);
  expect(shares([asked, free], [ONE])).toEqual([undefined, ONE.eniId]);
  // Also when AWS does not tell the address yet.
  expect(shares([asked], [{ ...ONE, address: '' }])).toEqual([ONE.eniId]);
});

test("two addresses are never swapped, and an HSM elsewhere is nobody's surplus", () => {
  const [a, b] = [aClaim('a', { address: TWO.address }), aClaim('b', { address: ONE.address })];
  expect(shares([a, b])).toEqual([TWO.eniId, ONE.eniId]);
  expect(shareOf({ ...a, tries: 2 }, withClaims([a, b])).surplus).toEqual([]);
});

test('the claim with the fewest candidates takes first, and of several the newest', () => {
  const older = aClaim('a');
  expect(shares([older, aClaim('b', { before: ['00002'] })], [ONE, TWO])).toEqual([TWO.eniId, ONE.eniId]);
  expect(shares([older, aClaim('b', { at: after(200) })], [ONE])).toEqual([undefined, ONE.eniId]);
});

test('what was asked for is certain two and a half minutes later', () => {
  expect(mayAppear([aClaim('a')], after(149))).toBe(true);
  expect(mayAppear([aClaim('a')], after(150))).toBe(false);
  expect(mayAppear([aClaim('a'), aClaim('b', { at: after(60) })], after(150))).toBe(true);
});

const asking = { key: claimKey('own'), zone: ZONE };
const own = aClaim('own', { at: after(10) });
test.each<[string, Claim, { at?: Date }, number, boolean]>([
  ['waits for one that is pending', aClaim('a'), {}, 20, true],
  ['waits for one that its owner may still renew', aClaim('a'), {}, 179, true],
  ['does not wait for one whose owner has died', aClaim('a'), {}, 180, false],
  ['does not wait for one that is bound', aClaim('a', { eniId: 'eni-1' }), {}, 20, false],
  ['does not wait for one of another zone', aClaim('a', { zone: 'eu-central-1b' }), {}, 20, false],
  ['does not wait for itself', own, {}, 20, false],
  ['that is written waits for an earlier one', aClaim('a'), own, 20, true],
  ['that is written does not wait for a later one', aClaim('a', { at: after(11) }), own, 20, false],
  [
    'that is written waits for one of the same second',
    aClaim('a', { key: `${own.key.slice(0, -1)}!`, at: own.at }),
    own,
    20,
    true,
  ],
])('a claim %s', (_what, other, { at }, now, waits) => {
  expect(predecessorOf({ ...asking, at }, withClaims([other]), after(now)) !== undefined).toBe(waits);
});

test('before a cluster is active, one HSM at a time is asked for in all its zones', () => {
  const other = aClaim('a', { zone: 'eu-central-1b' });
  const cluster = withClaims([other], [], 'UNINITIALIZED');
  expect(predecessorOf(asking, cluster, after(20))).toEqual(other);
  expect(firstComerOf(own, cluster, after(20))).toEqual(other);
  expect(firstComerOf(own, cluster, after(150))).toBeUndefined();
  expect(firstComerOf(own, withClaims([aClaim('a')]), after(20))).toBeUndefined();
});
