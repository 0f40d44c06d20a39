import type { PlanContext, Step } from '../runtime/reconciler';
import { phaseOf } from './instance-states.runtime';
import { nearest } from './near-names.runtime';
import { nameOf, type ReadinessGoal, withoutStatistic } from './readiness-goal.runtime';
import type { InstanceView, ReadinessObservation } from './readiness-look.runtime';

type Verdict = Exclude<Step<never>, { readonly kind: 'act' }>;

const MINUTE = 60_000;
/** New permissions, and a newly enabled Performance Insights, are refused for a while. */
const REFUSAL_PATIENCE_MS = 3 * MINUTE;
/** Enabling shows in no status, so that nothing tells one under way from none. */
const SWITCH_PATIENCE_MS = 10 * MINUTE;

/** How a user says that data need not come. */
const WITHOUT_DATA =
  'do not wait for a first data point (firstDataPoint: false, or readiness: ReadinessCheck.ANSWER of an alarm)';

export function plan(
  goal: ReadinessGoal | undefined,
  observed: ReadinessObservation,
  run: Pick<PlanContext<ReadinessGoal>, 'rollback'>,
): Verdict {
  if (goal === undefined || run.rollback) return { kind: 'done', attributes: {} };
  const { instance } = observed;
  if (instance === undefined) return planWithoutInstance(goal, observed);
  const obstacle =
    planState(goal, instance) ??
    planSwitch(instance, observed) ??
    planRefusal(instance, observed) ??
    planMetrics(goal, instance, observed) ??
    planGroups(goal, instance, observed) ??
    planData(goal, instance, observed) ??
    planHeartbeat(goal, observed);
  return obstacle ?? { kind: 'done', attributes: { ResourceId: instance.resourceId, Engine: instance.engine } };
}

function planWithoutInstance({ source }: ReadinessGoal, { refused, ageMs }: ReadinessObservation): Verdict {
  if (refused !== undefined) return refusal(refused.reason, ageMs);
  const remedy =
    source.writerOf === undefined
      ? 'check the name and the region, or deploy the instance again'
      : 'check the name and the region, and that the cluster has an instance that writes';
  // A failover leaves a cluster without a writer for moments.
  return waitFirst(
    `${nameOf(source)} does not exist; ${remedy}`,
    ageMs,
    REFUSAL_PATIENCE_MS,
    source.writerOf !== undefined,
  );
}

function planState({ firstDataPoint }: ReadinessGoal, { identifier, status }: InstanceView): Verdict | undefined {
  switch (phaseOf(status)) {
    case 'stuck':
      return fail(
        `instance ${identifier} is ${status} and will not become available by itself; mend or replace it and deploy again`,
      );
    case 'changing':
      return wait(`instance ${identifier} is ${status}, not yet available`);
    case 'stopped':
      return firstDataPoint
        ? fail(
            `instance ${identifier} is ${status}, and a stopped instance is not measured; start it and deploy again, or ${WITHOUT_DATA}`,
          )
        : undefined;
    case 'working':
      return undefined;
  }
}

function planSwitch(
  { identifier, performanceInsights }: InstanceView,
  { ageMs }: ReadinessObservation,
): Verdict | undefined {
  if (performanceInsights) return undefined;
  return waitFirst(
    `Performance Insights is off for instance ${identifier}; switch it on (enablePerformanceInsights: true of the instance, or "aws rds modify-db-instance --db-instance-identifier ${identifier} --enable-performance-insights --apply-immediately") and deploy again`,
    ageMs,
    SWITCH_PATIENCE_MS,
  );
}

function planRefusal(
  { keyId, resourceId }: InstanceView,
  { refused, ageMs }: ReadinessObservation,
): Verdict | undefined {
  if (refused === undefined) return undefined;
  if (!refused.denied || !refused.action.startsWith('pi:')) return refusal(refused.reason, ageMs);
  const key =
    keyId === undefined
      ? ''
      : `, and kms:Decrypt and kms:GenerateDataKey on the key ${keyId} if that is a customer's (encryption context aws:rds:db-id = ${resourceId})`;
  return refusal(
    `${refused.reason}. Performance Insights is on, so a permission is missing: the role needs ${refused.action} on metrics/rds/${resourceId}${key}`,
    ageMs,
  );
}

function refusal(reason: string, ageMs: number): Verdict {
  return waitFirst(reason, ageMs, REFUSAL_PATIENCE_MS);
}

function planMetrics(
  { metrics }: ReadinessGoal,
  instance: InstanceView,
  observed: ReadinessObservation,
): Verdict | undefined {
  const wanted = metrics.map(withoutStatistic).filter((metric) => !metric.startsWith('db.load'));
  return planNames('counter', wanted, observed.metrics ?? [], instance);
}

function planGroups(
  { groups }: ReadinessGoal,
  instance: InstanceView,
  { groups: available = [], authorizedGroups = available }: ReadinessObservation,
): Verdict | undefined {
  const missing = planNames('dimension group', groups, available, instance);
  if (missing !== undefined) return missing;
  const denied = groups.filter((group) => !authorizedGroups.includes(group));
  return denied.length === 0
    ? undefined
    : fail(
        `the role may not ask for the dimensions of ${denied.join(', ')} of instance ${instance.identifier}; allow them to pi:GetResourceMetrics (condition key pi:Dimensions)`,
      );
}

function planNames(
  what: string,
  wanted: readonly string[],
  available: readonly string[],
  { identifier, engine }: InstanceView,
): Verdict | undefined {
  const [missing, ...more] = wanted.filter((name) => !available.includes(name));
  if (missing === undefined) return undefined;
  const also = more.length === 0 ? '' : ` (nor ${more.join(', ')})`;
  const near = nearest(missing, available, 3);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  const list = available.length === 0 ? 'none' : available.join(', ');
  return fail(
    `${what} ${missing}${also} is not available on instance ${identifier} (${engine})${hint}; use one of those that are: ${list}`,
  );
}

function planData({ firstDataPoint }: ReadinessGoal, { identifier }: InstanceView, { hasData }: ReadinessObservation) {
  if (!firstDataPoint || hasData === true) return undefined;
  return wait(
    `instance ${identifier} has no data point of db.load.avg yet; it comes within minutes of enabling Performance Insights, unless the instance is stopped or its class is too small for it: then ${WITHOUT_DATA}`,
  );
}

/** The alarm on the heartbeat would go off at once, and those on what is polled begin without data. */
function planHeartbeat({ source, heartbeat }: ReadinessGoal, { hasHeartbeat }: ReadinessObservation) {
  if (heartbeat === undefined || hasHeartbeat === true) return undefined;
  return wait(
    `the poller has not published anything of ${nameOf(source)} in the last 10 minutes; it begins within minutes, and within eight of a database without data: else its log tells why not`,
  );
}

/** Waits while the reason may pass by itself, and then fails with it. */
function waitFirst(reason: string, ageMs: number, patienceMs: number, patient = true): Verdict {
  return patient && ageMs < patienceMs ? wait(reason) : fail(reason);
}

function wait(reason: string): Verdict {
  return { kind: 'wait', reason };
}

function fail(reason: string): Verdict {
  return { kind: 'fail', reason };
}
