import { MacieClient } from '@aws-sdk/client-macie';
import { SettlingError } from '../runtime/errors';
import type { Run } from '../runtime/reconciler';

export function macieClassic({ aws }: Run<unknown>): MacieClient {
  return aws.get(MacieClient, 'MACIE');
}

/** The most that a list answers at once: https://docs.aws.amazon.com/macie/latest/APIReference/, maxResults. */
export const PAGE_SIZE = 250;

const SUCCESSOR =
  "AWS has discontinued Macie Classic; use today's Macie instead: AWS::Macie::Session and the constructs of this library's module macie, such as macie.ClassificationJob";

/** Why Macie Classic as a whole cannot be used, where that is what an error means. Then nothing is associated with it. */
export function unavailability(error: unknown, region: string): string | undefined {
  if (isUnknownName(error))
    return `Macie Classic cannot be reached in ${region}: its name does not resolve. ${SUCCESSOR}`;
  return /Macie is not enabled/i.test(messageOf(error))
    ? `Macie Classic is not enabled for this account in ${region}, and only its console could enable it. ${SUCCESSOR}`
    : undefined;
}

/** The names of other services, such as of the one that gives the credentials, are another matter. */
function isUnknownName(error: unknown): boolean {
  const { code, hostname = 'macie.' } = error as { readonly code?: unknown; readonly hostname?: string };
  return code === 'ENOTFOUND' && hostname.startsWith('macie.');
}

/** Others saw both: https://github.com/hashicorp/terraform-provider-aws/pull/5201 */
export function saysNotAssociated(message: string): boolean {
  return /is not (yet )?associated with Macie/i.test(message);
}

/** Whether a call found what it was to make, which is perhaps its own work of before. */
export function saysAlreadyAssociated(message: string): boolean {
  return /is already associated with Macie/i.test(message);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a call has refused of one association; the call itself may have succeeded. */
export interface Refusal {
  readonly key: string;
  readonly name: string;
  readonly reason: string;
  /**
   * - `final`: repeating it cannot help.
   * - `passing`: lists may show soon that all is as wanted, or a later call may succeed.
   * - `gone`: it was to be removed, and Macie says that it cannot be there.
   */
  readonly kind: 'final' | 'passing' | 'gone';
}

/**
 * What was refused in an invocation. The loop keeps nothing but the run; a later invocation hears it again from Macie, so
 * that nothing is lost.
 */
const refusals = new WeakMap<object, Refusal[]>();

export function refusalsIn(run: Run<unknown>): readonly Refusal[] {
  return refusals.get(run) ?? [];
}

export function remember(run: Run<unknown>, more: readonly Refusal[]): void {
  refusals.set(run, [...refusalsIn(run), ...more]);
}

/** Leaves room in a failure for what stands before and after it. */
const MAX_LIST_BYTES = 1500;

/** As many as fit, and how many more there are. */
export function listed(items: readonly string[]): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    const next = index === 0 ? item : `${text}; ${item}`;
    if (index > 0 && Buffer.byteLength(next) > MAX_LIST_BYTES) return `${text}; and ${items.length - index} more`;
    text = next;
  }
  return text;
}

export function invalidAccount(name: string, value: string): SettlingError {
  return new SettlingError(`property ${name} must be the id of an account, of 12 digits, got "${value}"`);
}
