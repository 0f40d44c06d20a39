import type { Stack } from 'aws-cdk-lib';
import type { CallRecord } from '../../sandbox/kernel/journal';
import type { SandboxOptions } from '../../sandbox/sandbox';
import type { MacieClassicState } from '../../sandbox/services/macie-classic/state';
import type { Job, Macie2State } from '../../sandbox/services/macie2/state';
import { macie, macieclassic } from '../../src';
import { Testbed } from './testbed';

export const ADMINISTRATOR = '111111111111';
export const MEMBER = '222222222222';
export const FULL = { oneTime: macieclassic.OneTimeClassification.FULL };

type Resources = macieclassic.MonitoredResource[];
type SetProps = Omit<macieclassic.S3ResourceAssociationsProps, 'resources'>;

/** So many buckets, `bucket-0` and so on. */
export function buckets(count: number): Resources {
  return Array.from({ length: count }, (_, index) => ({ bucketName: `bucket-${index}` }));
}

export const set =
  (resources: Resources, props: SetProps = {}) =>
  (stack: Stack) => {
    new macieclassic.S3ResourceAssociations(stack, 'Set', { resources, ...props });
  };

export const member =
  (props: Partial<macieclassic.MemberAccountAssociationProps> = {}) =>
  (stack: Stack) => {
    new macieclassic.MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER, ...props });
  };

export const job =
  (props: Partial<macie.ClassificationJobProps> = {}, id = 'Job') =>
  (stack: Stack) => {
    new macie.ClassificationJob(stack, id, { buckets: [{ bucketNames: ['logs'] }], ...props });
  };

export function both(...builds: ReadonlyArray<(stack: Stack) => void>): (stack: Stack) => void {
  return (stack) => {
    for (const build of builds) build(stack);
  };
}

/** Macie Classic's own memory of an administrator account in a region, whatever its lists show. */
export function classicState({ sandbox }: Testbed, accountId = sandbox.accountId, region = sandbox.region) {
  return sandbox.world.state(sandbox.macieClassic, accountId, region) as MacieClassicState;
}

/** What is associated, in words and in order: `<bucket>/<prefix>`, with `FULL` where existing objects are classified. */
export function associated(bed: Testbed, accountId?: string, region?: string): string[] {
  return bed.sandbox.macieClassic
    .resources(classicState(bed, accountId, region))
    .map(({ bucketName, prefix, oneTime }) =>
      [bucketName, prefix && `/${prefix}`, oneTime === 'FULL' && ' FULL'].filter(Boolean).join(''),
    )
    .sort();
}

/** A sandbox in which Macie is enabled. */
export async function startMacieBed(options: SandboxOptions = {}): Promise<Testbed> {
  const bed = await Testbed.start(options);
  enableMacie(bed);
  return bed;
}

export function enableMacie({ sandbox }: Testbed, accountId = sandbox.accountId, region = sandbox.region): void {
  sandbox.macie2.sessions(sandbox.world).enable(accountId, region);
}

/** What stands where Macie is enabled and nothing else is. */
export const SESSION = ['macie session'];

export function macieState({ sandbox }: Testbed, accountId = sandbox.accountId, region = sandbox.region): Macie2State {
  return sandbox.macie2.sessions(sandbox.world).state(accountId, region);
}

/** All jobs that there ever were, the oldest first, as they are now. */
export function jobs(bed: Testbed, accountId?: string, region?: string): readonly Job[] {
  return bed.sandbox.macie2.jobs(macieState(bed, accountId, region), bed.sandbox.world);
}

export function onlyJob(bed: Testbed): Job {
  const all = jobs(bed);
  expect(all).toHaveLength(1);
  return all[0]!;
}

/** The calls that handlers made to either Macie. */
export function macieCalls(bed: Testbed): CallRecord[] {
  return bed.sandbox.journal.calls.filter(({ service, execution }) => /^macie2?$/.test(service) && execution);
}

/** What handlers did to either Macie, by name of the call, with how many S3 resources it named. */
export function macieWrites(bed: Testbed, from = 0): string[] {
  return macieCalls(bed)
    .filter(({ operation }) => !/^(Get|List|Describe)/.test(operation))
    .slice(from)
    .map(({ operation, input }) => [operation, sizeOf(input)].filter((part) => part !== undefined).join(' '));
}

function sizeOf(input: unknown): number | undefined {
  return Object.values(input as Record<string, unknown>).find(Array.isArray)?.length;
}

/** The actions of these services that handlers asked for. */
export function usedActions(bed: Testbed, services: RegExp): string[] {
  const asked = bed.sandbox.journal.calls.filter(({ execution }) => execution).flatMap((call) => call.permissions);
  return [...new Set(asked)].filter((action) => services.test(action)).sort();
}
