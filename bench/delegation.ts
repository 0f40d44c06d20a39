import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { monitoring, THERE } from '../campaign/delegated';
import { lifecycleNamed, phasesOf } from '../campaign/lifecycles';
import { Stage as Lifetime } from '../campaign/stage';
import { policySize } from '../sandbox/iam/policy-document';
import { TRUST_POLICY_SIZE } from '../sandbox/iam/quotas';
import type { CallRecord } from '../sandbox/kernel/journal';
import { kilobytes } from './bundle';
import { withoutSts } from './bundle-without-sts';
import { atMost, type Measure, type Row } from './measure';
import { type MonitorProps, synthesize } from './stage';

/** The delegated lifecycles of the campaign. */
const MODULES = ['rum', 'macie-classic', 'macie', 'performanceinsights', 'cloudhsm'] as const;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_POLICIES_SIZE = 10_240;
const MAX_RUM_BYTES = 409_600;

const CALLS =
  'The most calls for one role in one invocation, over the delegated lifecycle of the campaign without faults: create, updates, ' +
  'delete. Each invocation has an execution environment of its own, so that they are told apart. Each resource has a session name.';
const POLICIES =
  'Characters as IAM counts them, of the role that the lifecycle deploys with all permissions that its constructs ask for.';
const SIZES =
  'The bundle as it is, and as it would be without STS clients and the credential provider of the SDK: also without those that ' +
  'older clients bring along for their default credentials (CloudHSM, Macie Classic).';
const TEMPLATES = 'Of the template as JSON without white space.';

/** What it costs to manage resources through a role of another account. */
export const delegation: Measure = async () => {
  const rows: Row[] = [];
  for (const module of MODULES) rows.push(...(await lifetimeRows(module)));
  return [...rows, ...sizeRows(), ...templateRows()];
};

async function lifetimeRows(module: string): Promise<Row[]> {
  const lifecycle = lifecycleNamed(`${module}-delegated`);
  const sandbox = { ...lifecycle.sandbox, environments: { idleSeconds: 0 } };
  const lifetime = await Lifetime.start({ ...lifecycle, sandbox }, 1);
  try {
    for (const phase of phasesOf(lifecycle)) {
      await lifetime.prepare(phase);
      const { status } = await lifetime.run(phase);
      if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) throw new Error(`${module} ${phase} ended in ${status}`);
    }
    const { iam, journal } = lifetime.sandbox;
    const trust = policySize(iam.role(THERE.roleArn)!.trust);
    const permissions = iam.policiesOf(THERE.roleArn).reduce((sum, policy) => sum + policySize(policy), 0);
    return [assumptionsRow(module, journal.calls), ...policyRows(module, { trust, permissions })];
  } finally {
    await lifetime.stop();
  }
}

function assumptionsRow(module: string, calls: readonly CallRecord[]): Row {
  const ofFunctions = calls.filter(({ execution }) => execution !== undefined);
  const assumed = ofFunctions.filter(({ operation }) => operation === 'AssumeRole');
  const requests = assumed.map(({ input }) => input as { RoleArn: string; RoleSessionName: string });
  const most = highestCount(assumed.map(({ execution }, index) => `${execution} ${requests[index]!.RoleArn}`));
  const sessions = new Set(requests.map(({ RoleSessionName }) => RoleSessionName)).size;
  return {
    name: `delegation: ${module}, AssumeRole`,
    value: `${most} per invocation and role`,
    figures: { most, assumed: assumed.length, calls: ofFunctions.length, sessionNames: sessions },
    beside: `${assumed.length} of ${ofFunctions.length} calls, ${sessions} session name${sessions === 1 ? '' : 's'}`,
    target: atMost(most, 1),
    note: CALLS,
  };
}

function highestCount(keys: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function policyRows(module: string, sizes: { readonly trust: number; readonly permissions: number }): Row[] {
  const row = (kind: keyof typeof sizes, limit: number): Row => ({
    name: `delegation: ${module}, ${kind}`,
    value: `${sizes[kind]} characters`,
    figures: { characters: sizes[kind] },
    target: atMost(sizes[kind], limit),
    note: POLICIES,
  });
  return [row('trust', TRUST_POLICY_SIZE), row('permissions', INLINE_POLICIES_SIZE)];
}

function sizeRows(): Row[] {
  return withoutSts().map(({ handler, bytes, bytesWithout }) => ({
    name: `delegation: size of ${handler}`,
    value: kilobytes(bytes),
    figures: { bytes, bytesWithout },
    beside: `${kilobytes(bytesWithout)} without STS`,
    ...(handler === 'rum' && { target: atMost(bytes, MAX_RUM_BYTES, '≤ 400 KB') }),
    note: SIZES,
  }));
}

function templateRows(): Row[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const stack = (count: number, props?: MonitorProps) =>
    weight(synthesize(folder, count, props).stacks[0]!.template as Template);
  const [own, ownMore] = [stack(1), stack(2)];
  const [delegated, delegatedMore] = [stack(1, { assumeRole: THERE }), stack(2, { assumeRole: THERE })];
  rmSync(folder, { recursive: true });
  const further = less(less(delegatedMore, delegated), less(ownMore, own));
  return [
    templateRow('assumeRole of the first monitor', less(delegated, own), { resources: 1, bytes: 1024 }),
    templateRow('assumeRole of each further one', further, { resources: 0, bytes: 512 }),
    templateRow('DelegatedRole', weight(roleTemplate()), { resources: 2, bytes: 8192 }),
  ];
}

interface Template {
  readonly Resources: object;
}

interface Weight {
  readonly resources: number;
  readonly bytes: number;
}

/** Only what is in a stack that has nothing else. */
function roleTemplate(): Template {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Elsewhere');
  monitoring(stack, {});
  const { Resources } = app.synth().stacks[0]!.template as Template;
  return { Resources };
}

function weight({ Resources }: Template): Weight {
  return { resources: Object.keys(Resources).length, bytes: JSON.stringify(Resources).length };
}

function less(one: Weight, other: Weight): Weight {
  return { resources: one.resources - other.resources, bytes: one.bytes - other.bytes };
}

function templateRow(what: string, { resources, bytes }: Weight, most: Weight): Row {
  return {
    name: `delegation: template, ${what}`,
    value: `${resources} resource${resources === 1 ? '' : 's'}, ${bytes} bytes`,
    figures: { resources, bytes },
    target: {
      text: `≤ ${most.resources}, ${most.bytes} bytes`,
      met: resources <= most.resources && bytes <= most.bytes,
    },
    note: TEMPLATES,
  };
}
