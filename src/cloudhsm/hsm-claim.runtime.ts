import { createHash } from 'node:crypto';
import { ownerOf, type ResourceAddress } from '../runtime/identity';
import type { ClusterView, HsmView } from './cluster-view.runtime';

/**
 * HSMs carry no tags, so each is claimed in a tag on its cluster: written ahead, before CreateHsm, with the interfaces
 * that were there then, and bound to the new interface when it appears. A crash between any two calls leaves a claim from
 * which the next run, or a Delete, finds the HSM. The interface is the key: AWS replaces a failed HSM on it.
 */
export interface Claim {
  /** The tag's key, made from the physical id. */
  readonly key: string;
  /** Digest of the owner, for a Delete whose id is unknown. */
  readonly owner: string;
  /** When the claim was written. */
  readonly at: Date;
  readonly zone: string;
  /** The interface of the HSM, when it is known. */
  readonly eniId?: string;
  /** How often CreateHsm was, or may have been, called: no more HSMs than that can be ours. */
  readonly tries: number;
  /** The invocation that wrote the claim, and may call CreateHsm for it. */
  readonly invocation?: string;
  /** Endings of the ids of the interfaces that were there before. */
  readonly before: readonly string[];
  /** Ending of the physical id that this one replaces; the beginning is the same. */
  readonly replaces?: string;
}

const PREFIX = 'cdk-settled:hsm:';
/** Enough to tell 28 interfaces apart, and short enough for all of them in a tag's value of 256 characters. */
const ENI_ENDING = 5;

export function claimKey(physicalId: string): string {
  return `${PREFIX}${digest(physicalId, 16)}`;
}

export function claimOwner(address: ResourceAddress): string {
  return digest(ownerOf(address), 8);
}

export function isClaim(tagKey: string): boolean {
  return tagKey.startsWith(PREFIX);
}

export function claimsOf(cluster: ClusterView): Claim[] {
  return Object.entries(cluster.tags)
    .filter(([key]) => isClaim(key))
    .map(([key, value]) => parseClaim(key, value))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `zone owner time replaces eni/tries/before` when bound, `zone owner time replaces tries/invocation/before` when pending. */
export function formatClaim(claim: Claim): string {
  const head = [claim.zone, claim.owner, Math.floor(claim.at.getTime() / 1000).toString(36), claim.replaces ?? '-'];
  const rest = claim.eniId === undefined ? [claim.tries, claim.invocation ?? ''] : [claim.eniId, claim.tries];
  return [...head, [...rest, ...claim.before].join('/')].join(' ');
}

function parseClaim(key: string, value: string): Claim {
  const [zone = '', owner = '', at = '', replaces = '-', rest = ''] = value.split(' ');
  const time = new Date(Number.parseInt(at, 36) * 1000);
  const head = { key, zone, owner, at: time, replaces: replaces === '-' ? undefined : replaces };
  const [first = '0', second = '', ...before] = rest.split('/');
  if (first.startsWith('eni-')) return { ...head, eniId: first, tries: Number(second), before };
  return { ...head, tries: Number(first), invocation: second === '' ? undefined : second, before };
}

export function endingsOf(hsms: readonly HsmView[]): string[] {
  return hsms.map(({ eniId }) => eniId.slice(-ENI_ENDING));
}

/** The HSMs that a pending claim may have made: new in its zone, and bound by no other claim. */
export function candidatesFor(claim: Claim, cluster: ClusterView): HsmView[] {
  const bound = new Set(claimsOf(cluster).flatMap(({ key, eniId }) => (key === claim.key ? [] : [eniId])));
  return cluster.hsms
    .filter(({ zone, eniId }) => zone === claim.zone && !bound.has(eniId))
    .filter(({ eniId }) => !claim.before.includes(eniId.slice(-ENI_ENDING)))
    .sort((a, b) => (a.eniId < b.eniId ? -1 : 1));
}

/**
 * The HSM of a pending claim, and those that may be its surplus. Which of the new HSMs of a zone is whose does not
 * matter, so long as all agree and none is left over: the claim with the fewest candidates takes first.
 */
export function shareOf(claim: Claim, cluster: ClusterView): { readonly mine?: HsmView; readonly surplus: HsmView[] } {
  const pending = claimsOf(cluster)
    .filter(({ zone, eniId }) => eniId === undefined && zone === claim.zone)
    .map((one) => ({ key: one.key, candidates: candidatesFor(one, cluster) }))
    .sort((a, b) => a.candidates.length - b.candidates.length);
  const taken = new Map<string, string>();
  for (const { key, candidates } of pending) {
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

/** The same interface was bound by two claims at the same moment: the first one keeps it. */
export function isContested(claim: Claim, cluster: ClusterView): boolean {
  return claimsOf(cluster).some(({ key, eniId }) => eniId !== undefined && eniId === claim.eniId && key < claim.key);
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
