import { digest } from '../runtime/digest';
import type { ResourceAddress } from '../runtime/identity';
import type { ClusterView, HsmView } from './cluster-view.runtime';

/**
 * HSMs carry no tags, so each is claimed in a tag on its cluster: written ahead, before CreateHsm, with the interfaces
 * that were there then, and bound to the new interface when it appears. A crash between any two calls leaves a claim from
 * which the next run, or a Delete, finds the HSM. The interface is the key: AWS replaces a failed HSM on it.
 */
export interface Claim {
  /** The tag's key, made from the physical id. */
  readonly key: string;
  /** Digests of the stack and the logical id, for a Delete whose id is unknown. */
  readonly owner: string;
  /** When the claim was written for the last call of CreateHsm. It stays when the claim is bound. */
  readonly at: Date;
  readonly zone: string;
  /** The address that was asked for; absent when AWS chooses it. */
  readonly address?: string;
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
const ENDINGS = new RegExp(`.{${ENI_ENDING}}`, 'g');
const OWNER_PART = 6;

export function claimKey(physicalId: string): string {
  return `${PREFIX}${digest(physicalId, 16)}`;
}

export function claimOwner({ stackId, logicalId }: ResourceAddress): string {
  return `${digest(stackId, OWNER_PART)}${digest(logicalId, OWNER_PART)}`;
}

/** Whether a claim was made by a resource of the stack. */
export function isOfStack({ owner }: Claim, { stackId }: ResourceAddress): boolean {
  return owner.startsWith(digest(stackId, OWNER_PART));
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

/**
 * `zone owner time replaces eni/tries/before address` when bound, `zone owner time replaces tries/invocation/before address`
 * when pending; the endings in `before` stand side by side, and the address is left out where there is none.
 */
export function formatClaim(claim: Claim): string {
  const time = Math.floor(claim.at.getTime() / 1000).toString(36);
  const before = claim.before.join('');
  const rest =
    claim.eniId === undefined ? [claim.tries, claim.invocation ?? '', before] : [claim.eniId, claim.tries, before];
  const parts = [claim.zone, claim.owner, time, claim.replaces ?? '-', rest.join('/'), claim.address ?? []];
  return parts.flat().join(' ');
}

function parseClaim(key: string, value: string): Claim {
  const [zone = '', owner = '', time = '', replaces = '-', rest = '', address] = value.split(' ');
  const [first = '0', second = '', third = ''] = rest.split('/');
  const common = {
    key,
    zone,
    owner,
    at: new Date(Number.parseInt(time, 36) * 1000),
    replaces: replaces === '-' ? undefined : replaces,
    before: third.match(ENDINGS) ?? [],
    address,
  };
  if (first.startsWith('eni-')) return { ...common, eniId: first, tries: Number(second) };
  return { ...common, tries: Number(first), invocation: second === '' ? undefined : second };
}

export function endingsOf(hsms: readonly HsmView[]): string[] {
  return hsms.map(({ eniId }) => eniId.slice(-ENI_ENDING));
}
