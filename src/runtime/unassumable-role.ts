import { AssumptionError } from './assumption-error';
import { describeFailure } from './errors';
import { parseStackId } from './identity';
import type { Run } from './reconciler';

/**
 * Whether a Delete is done although its role cannot be assumed. A creation assumes its role before it makes anything;
 * one that was cancelled while it waited for the role to be there has made nothing, and its rollback is not to fail for
 * that. A Delete of any other time may mean that the role has gone since, and what was made with it has not.
 */
export function isSettledWithoutRole<Goal>(error: unknown, { requestType, unknownId, rollback }: Run<Goal>): boolean {
  return error instanceof AssumptionError && requestType === 'Delete' && unknownId && rollback;
}

/** What happened to the run, and how to get out where the stack cannot go on. */
export function describeEnd<Goal>(what: string, error: unknown, run: Run<Goal> | undefined): string {
  const failure = describeFailure(what, error);
  const advice = run && wayOut(error, run);
  return advice === undefined ? failure : `${failure}. ${advice}`;
}

/** What to do about a role that cannot be assumed (any more). */
function wayOut<Goal>(error: unknown, run: Run<Goal>): string | undefined {
  if (!(error instanceof AssumptionError)) return undefined;
  if (run.requestType === 'Delete') return wayOutOfDelete(run);
  return run.requestType === 'Update' && run.rollback ? wayOutOfRollback(run) : undefined;
}

/** The update that is rolled back has failed for the same reason, most often. */
function wayOutOfRollback<Goal>({ address }: Run<Goal>): string {
  const stack = parseStackId(address.stackId);
  return (
    'to get out, deploy the role again (same name, trust and permissions) and continue the rollback: aws cloudformation ' +
    `continue-update-rollback --stack-name ${stack.name} --region ${stack.region} (with --resources-to-skip ` +
    `${address.logicalId} the resource is left as it is)`
  );
}

function wayOutOfDelete<Goal>({ note, address, place, id, unknownId }: Run<Goal>): string {
  const stack = parseStackId(address.stackId);
  const what = unknownId ? `what ${address.logicalId} may have made` : id;
  const byHand = `remove ${what} by hand in account ${place.accountId}, region ${place.region}`;
  // CloudFormation goes on after a failed Delete of a clean-up, and does not send it again.
  if (note.stackStatus.includes('CLEANUP')) return `CloudFormation gives this resource up: ${byHand}`;
  return (
    'to get out, deploy the role again (same name, trust and permissions) and delete the stack again; or give the ' +
    `resource up: aws cloudformation delete-stack --stack-name ${stack.name} --retain-resources ${address.logicalId} ` +
    `--region ${stack.region} (possible once the stack is in DELETE_FAILED), and ${byHand}`
  );
}
