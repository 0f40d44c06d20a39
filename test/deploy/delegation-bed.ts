import { Stack, Stage } from 'aws-cdk-lib';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import type { CallRecord } from '../../sandbox/kernel/journal';
import type { AssemblyDeployOptions } from '../../sandbox/sandbox';
import { sts } from '../../src';
import type { Testbed } from './testbed';

/** Where the managing stack `App` and its functions stand. */
export const HERE = { account: '111111111111', region: 'eu-central-1' };
/** Where the stack `Member` with the role stands, and what is managed. */
export const THERE = { account: '222222222222', region: 'eu-west-1' };
export const EXTERNAL_ID = 'monitoring-of-shop';
export const ROLE_NAME = 'managed-from-shop';
export const ROLE_ARN = `arn:aws:iam::${THERE.account}:role/${ROLE_NAME}`;

/** The two stacks of an app, and the role between them. */
export interface Sides {
  readonly here: Stack;
  readonly there: Stack;
  readonly role: sts.DelegatedRole;
  /** Manages with the role, and in its region. */
  readonly assumeRole: sts.RoleAssumption;
}

/** Deploys both stacks of an app, and tells of the last that there was something to do for. */
export async function deployPair(
  bed: Testbed,
  build: (sides: Sides) => void,
  props: sts.DelegatedRoleProps = {},
  options: AssemblyDeployOptions = {},
): Promise<StackResult> {
  const directory = bed.synth((here) => build(sidesOf(here, props)), { env: HERE });
  return (await bed.sandbox.deploy(directory, options)).at(-1)!;
}

function sidesOf(here: Stack, props: sts.DelegatedRoleProps): Sides {
  const there = new Stack(Stage.of(here)!, 'Member', { env: THERE });
  const role = new sts.DelegatedRole(there, 'Role', { externalId: EXTERNAL_ID, ...props });
  return { here, there, role, assumeRole: role.assumption({ region: THERE.region }) };
}

/** Deploys the role alone, as another app does that knows the managing stack by its name. */
export async function deployRole(bed: Testbed, props: sts.DelegatedRoleProps): Promise<StackResult> {
  const directory = bed.synth((stack) => {
    const member = new Stack(Stage.of(stack)!, 'Member', { env: THERE });
    new sts.DelegatedRole(member, 'Role', { roleName: ROLE_NAME, externalId: EXTERNAL_ID, ...props });
  });
  return (await bed.sandbox.deploy(directory, { stacks: ['Member'] }))[0]!;
}

/** How the other app assumes that role. */
export function byName(props: sts.RoleAssumptionProps = {}): sts.RoleAssumption {
  return sts.RoleAssumption.fromRoleArn(ROLE_ARN, { externalId: EXTERNAL_ID, region: THERE.region, ...props });
}

/** Deletes the managing stack first, as the dependency between the two demands. */
export async function destroyPair({ sandbox: { stacks } }: Testbed): Promise<void> {
  expect((await stacks.delete('App', HERE.account, HERE.region)).status).toBe('DELETE_COMPLETE');
  expect((await stacks.delete('Member', THERE.account, THERE.region)).status).toBe('DELETE_COMPLETE');
}

/** In no account and region is anything left that is not about to go by itself. */
export function expectNothingAnywhere(bed: Testbed): void {
  expect(bed.sandbox.wholeInventory().filter((line) => !/pending deletion/i.test(line))).toEqual([]);
}

/** What functions called with sessions of the role, in order. */
export function callsThere({ sandbox }: Testbed): CallRecord[] {
  return sandbox.journal.calls.filter(
    ({ principal, execution }) => execution && principal.startsWith(`arn:aws:sts::${THERE.account}:assumed-role/`),
  );
}

/** What the role in the other account may do, by its own policies. */
export function actionsGranted({ sandbox: { iam } }: Testbed): string[] {
  const roles = iam.roles(THERE.account).filter(({ trust }) => JSON.stringify(trust).includes(EXTERNAL_ID));
  const statements = roles.flatMap(({ arn }) => iam.policiesOf(arn).flatMap(({ Statement }) => Statement));
  return distinct(statements.flatMap(({ Action }) => Action ?? []));
}

/** What has been asked of it. */
export function actionsUsed(bed: Testbed): string[] {
  return distinct(callsThere(bed).flatMap(({ permissions }) => permissions));
}

export function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** Functions did nothing in their own account but assume roles: `service` is that of the resources. */
export function expectNothingMadeHere({ sandbox }: Testbed, service: string): void {
  const own = sandbox.journal.calls.filter(
    (call) => call.execution && call.service === service && call.accountId === HERE.account,
  );
  expect(own.map(({ operation }) => operation)).toEqual([]);
}
