import type { Testbed } from './testbed';

/** Backups and keys are kept by AWS for some days, whoever asks. */
export function leftovers(bed: Testbed, accountId?: string, region?: string): string[] {
  return bed.sandbox.inventory(accountId, region).filter((line) => !/pending deletion/i.test(line));
}

/** Every call that a handler made was allowed. */
export function expectNothingDenied(bed: Testbed): void {
  const denied = bed.sandbox.journal.calls.filter(
    ({ outcome, fault }) => /AccessDenied|Unauthorized/i.test(outcome) && fault === undefined,
  );
  expect(denied.map(({ service, operation, principal }) => `${service}:${operation} by ${principal}`)).toEqual([]);
}

/**
 * Whatever happened before: the stack can be deleted, and then nothing is left but what the test itself has `given`, also
 * when all waiters have ended.
 */
export async function expectNothingLeft(bed: Testbed, given: readonly string[] = []): Promise<void> {
  await expectEverythingGone(bed, given);
  expectNothingDenied(bed);
}

/** For runs that CloudFormation gave up half-way: one of them may look once more when its permissions are gone. */
export async function expectEverythingGone(bed: Testbed, given: readonly string[] = []): Promise<void> {
  const { stacks, accountId, region } = bed.sandbox;
  if (stacks.get('App', accountId, region) !== undefined) {
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
  }
  await bed.settle();
  expect(leftovers(bed)).toEqual(given);
}
