import type { ClusterView, HsmView } from './cluster-view.runtime';
import { type Claim, claimsOf, endingsOf } from './hsm-claim.runtime';

/**
 * Which HSM is whose, and when that is certain. CreateHsm cannot be repeated safely, and an HSM does not tell who asked
 * for it. What keeps their number right all the same:
 *
 * 1. A claim calls CreateHsm at most once for each time that it was written, soon after that or not at all.
 * 2. So {@link CERTAIN_AFTER_MS} after the last claim of a zone was written, bound claims included, all HSMs that were
 *    ever asked for there are listed. Not before does a claim conclude that nothing was made for it, and ask again or go.
 * 3. A new HSM goes to one of the pending claims that may have made it. Which one does not matter, so long as all agree:
 *    whoever gets the HSM of another leaves its own to the other.
 * 4. One claim after the other asks in a zone. Tags cannot be written on condition, so two may come to ask at once:
 *    the rules above hold then too, only later.
 */

/** CreateHsm is not begun later than this after its claim was written. */
const CALLED_WITHIN_MS = 30_000;
/** From then on an HSM is listed within this time: the longest lag that was measured of this service. */
const LISTED_WITHIN_MS = 120_000;
const CERTAIN_AFTER_MS = CALLED_WITHIN_MS + LISTED_WITHIN_MS;
/** In which the owner of a claim that got nothing asks again before others: it looks every few seconds, if it lives. */
const FIRST_REFUSAL_MS = 30_000;

/** Who asks for an HSM, and where; without a time when the claim is yet to be written. */
export type Asking = Pick<Claim, 'key' | 'zone'> & { readonly at?: Date };

export function callBefore({ at }: Claim): Date {
  return new Date(at.getTime() + CALLED_WITHIN_MS);
}

/** Whether the HSM that was asked for with these claims may still appear. */
export function mayAppear(claims: readonly Claim[], now: Date): boolean {
  return claims.some((claim) => ageOf(claim, now) < CERTAIN_AFTER_MS);
}

/** All claims on HSMs of a zone, bound or not. */
export function claimsIn(zone: string, cluster: ClusterView): Claim[] {
  return claimsOf(cluster).filter((claim) => claim.zone === zone);
}

/**
 * A pending claim that is to have its HSM before `own` is written, or written again. An owner that has died is not waited
 * for any longer than the others need to know what it has made.
 */
export function predecessorOf(own: Asking, cluster: ClusterView, now: Date): Claim | undefined {
  return rivalsOf(own, cluster).find((rival) => ageOf(rival, now) < CERTAIN_AFTER_MS + FIRST_REFUSAL_MS);
}

/**
 * A claim that was written together with `own`, and asks first. In an active cluster both may ask: two HSMs at once can
 * leave one that is not initialized without a certificate request.
 */
export function firstComerOf(own: Asking, cluster: ClusterView, now: Date): Claim | undefined {
  return isActive(cluster) ? undefined : rivalsOf(own, cluster).find((rival) => mayAppear([rival], now));
}

/** The pending claims of others that come first; before a cluster is active, it has one HSM in all its zones. */
function rivalsOf({ key, zone, at }: Asking, cluster: ClusterView): Claim[] {
  return claimsOf(cluster).filter(
    (other) =>
      other.key !== key &&
      other.eniId === undefined &&
      (other.zone === zone || !isActive(cluster)) &&
      (at === undefined || isEarlier(other, at, key)),
  );
}

export function isActive({ state }: ClusterView): boolean {
  return state === 'ACTIVE' || state === 'DEGRADED';
}

function isEarlier(claim: Claim, at: Date, key: string): boolean {
  const difference = claim.at.getTime() - at.getTime();
  return difference < 0 || (difference === 0 && claim.key < key);
}

function ageOf({ at }: Claim, now: Date): number {
  return now.getTime() - at.getTime();
}

/** The HSMs that a pending claim may have made: new in its zone, at its address, and bound by no other claim. */
export function candidatesFor(claim: Claim, cluster: ClusterView): HsmView[] {
  const others = claimsOf(cluster).filter(({ key }) => key !== claim.key);
  const bound = new Set(others.map(({ eniId }) => eniId));
  return cluster.hsms
    .filter((hsm) => hsm.zone === claim.zone && !bound.has(hsm.eniId))
    .filter((hsm) => !endingsOf([hsm]).some((ending) => claim.before.includes(ending)))
    .filter(({ address }) => fits(address, claim, others))
    .sort((a, b) => (a.eniId < b.eniId ? -1 : 1));
}

/** An address that was asked for tells whose an HSM is; one that AWS does not answer tells nothing. */
function fits(address: string, claim: Claim, others: readonly Claim[]): boolean {
  if (address === '') return true;
  if (claim.address !== undefined) return claim.address === address;
  return !others.some((other) => other.eniId === undefined && other.zone === claim.zone && other.address === address);
}

/**
 * The HSM of a pending claim, and those that may be its surplus. The claim with the fewest candidates takes first,
 * and of several the newest: what an older one has left was there already when the newest was written.
 */
export function shareOf(claim: Claim, cluster: ClusterView): { readonly mine?: HsmView; readonly surplus: HsmView[] } {
  const taken = new Map<string, string>();
  for (const { key, candidates } of inOrderOfChoice(claim.zone, cluster)) {
    const free = candidates.find(({ eniId }) => !taken.has(eniId));
    if (free !== undefined) taken.set(free.eniId, key);
  }
  const candidates = candidatesFor(claim, cluster);
  return {
    mine: candidates.find(({ eniId }) => taken.get(eniId) === claim.key),
    // At most as many in all as CreateHsm may have been called for this claim: others are not ours.
    surplus: candidates.filter(({ eniId }) => !taken.has(eniId)).slice(0, Math.max(0, claim.tries - 1)),
  };
}

function inOrderOfChoice(zone: string, cluster: ClusterView): Array<{ key: string; candidates: HsmView[] }> {
  return claimsIn(zone, cluster)
    .filter(({ eniId }) => eniId === undefined)
    .map((claim) => ({ key: claim.key, at: claim.at.getTime(), candidates: candidatesFor(claim, cluster) }))
    .sort((a, b) => a.candidates.length - b.candidates.length || b.at - a.at);
}

/** The same interface was bound by two claims at the same moment: the first one keeps it. */
export function isContested(claim: Claim, cluster: ClusterView): boolean {
  return claimsOf(cluster).some(({ key, eniId }) => eniId !== undefined && eniId === claim.eniId && key < claim.key);
}
