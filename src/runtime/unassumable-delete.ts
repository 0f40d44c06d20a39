import { AssumptionError } from './assumption-error';
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

/** What to do about a Delete whose role cannot be assumed (any more). */
export function wayOut<Goal>({ requestType, note, address, place, id, unknownId }: Run<Goal>): string | undefined {
  if (requestType !== 'Delete') return undefined;
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
