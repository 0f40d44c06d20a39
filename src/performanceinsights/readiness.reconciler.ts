import { AwsClients } from '../runtime/clients';
import { parseStackId } from '../runtime/identity';
import type { Reconciler, Run } from '../runtime/reconciler';
import { type ReadinessGoal, readyGoal } from './readiness-goal.runtime';
import { lookAt, type ReadinessObservation } from './readiness-look.runtime';
import { plan } from './readiness-plan.runtime';

/** There is nothing to make: this resource only waits. */
type ReadinessAction = never;

/**
 * Done when alarms on a data source have all that they need. Nothing stands behind it in AWS, so that a change of the
 * source is a look at another one, and a deletion is done at once.
 */
export const readinessReconciler: Reconciler<ReadinessGoal, ReadinessObservation, ReadinessAction> = {
  decode: readyGoal,
  replacementReasons: () => [],
  observe,
  plan,
  act: async () => undefined,
};

async function observe(run: Run<ReadinessGoal>): Promise<ReadinessObservation> {
  const ageMs = run.now.getTime() - Date.parse(run.note.startedAt);
  // A rollback returns to what was there, and must not wait for a database.
  if (run.requestType === 'Delete' || run.rollback) return { ageMs };
  return lookAt({ reading: run.aws, own: ownClients(run) }, readyGoal(run.properties), run.now, ageMs);
}

/** A role to assume is for the database: what is polled is published in the stack's own account. */
function ownClients({ aws, properties, address }: Run<ReadinessGoal>): AwsClients {
  const assumes = properties.optionalObject('AssumeRole') !== undefined;
  return assumes ? new AwsClients(parseStackId(address.stackId).region) : aws;
}
