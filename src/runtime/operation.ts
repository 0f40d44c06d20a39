import {
  type CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  type Stack,
  type StackResourceDetail,
} from '@aws-sdk/client-cloudformation';
import type { ResourceAddress } from './identity';

export type RequestType = 'Create' | 'Update' | 'Delete';

/** The stack operation in which a run was started; it travels with the run's event. Dates are ISO strings. */
export interface OperationNote {
  readonly stackStatus: string;
  /** When the operation began, as far as the stack tells. */
  readonly stackUpdated: string;
  /** When the status of the resource last changed; absent while CloudFormation does not list the resource yet. */
  readonly resourceUpdated?: string;
  /** The physical id that CloudFormation holds for the logical resource. */
  readonly physicalId?: string;
  readonly startedAt: string;
}

export type Wanted =
  | { readonly wanted: true }
  /** CloudFormation has given this run up, and may have started the opposite one. */
  | { readonly wanted: false; readonly reason: string }
  /** CloudFormation's answer is older than the run. */
  | { readonly wanted: 'unknown'; readonly reason: string };

/**
 * Tells whether a run is still wanted. When a sibling fails or a user cancels, CloudFormation gives up on what is in
 * progress and sends the opposite request, while the first run lives on; it must not build again what is torn down.
 */
export class StackOperation {
  constructor(
    private readonly cloudFormation: CloudFormationClient,
    private readonly address: ResourceAddress,
  ) {}

  async note(now: Date): Promise<OperationNote> {
    const { stack, resource } = await this.describe();
    return {
      stackStatus: stack.StackStatus ?? '',
      stackUpdated: stackUpdated(stack),
      resourceUpdated: resource?.LastUpdatedTimestamp?.toISOString(),
      physicalId: resource?.PhysicalResourceId,
      startedAt: now.toISOString(),
    };
  }

  async check(requestType: RequestType, note: OperationNote): Promise<Wanted> {
    const { stack, resource } = await this.describe();
    return stillWanted(requestType, note, stack, resource);
  }

  private async describe(): Promise<{ stack: Stack; resource?: StackResourceDetail }> {
    const answer = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: this.address.stackId }));
    const stack = answer.Stacks?.[0];
    if (stack === undefined) throw new Error(`stack ${this.address.stackId} is not described by CloudFormation`);
    return { stack, resource: await this.resource() };
  }

  private async resource(): Promise<StackResourceDetail | undefined> {
    try {
      const answer = await this.cloudFormation.send(
        new DescribeStackResourceCommand({
          StackName: this.address.stackId,
          LogicalResourceId: this.address.logicalId,
        }),
      );
      return answer.StackResourceDetail;
    } catch (error) {
      // CloudFormation says "ValidationError" for a resource that it does not list (yet).
      if (error instanceof Error && error.name === 'ValidationError') return undefined;
      throw error;
    }
  }
}

const IN_PROGRESS: Readonly<Record<RequestType, string>> = {
  Create: 'CREATE_IN_PROGRESS',
  Update: 'UPDATE_IN_PROGRESS',
  Delete: 'DELETE_IN_PROGRESS',
};

/** The decision, pure. */
export function stillWanted(
  requestType: RequestType,
  note: OperationNote,
  stack: Stack,
  resource: StackResourceDetail | undefined,
): Wanted {
  if (stack.StackStatus !== note.stackStatus || stackUpdated(stack) !== note.stackUpdated) {
    return {
      wanted: false,
      reason: `the stack went from ${note.stackStatus} (since ${note.stackUpdated}) to ${stack.StackStatus} (since ${stackUpdated(stack)})`,
    };
  }
  if (requestType === 'Create' && isRollback(note)) {
    return { wanted: false, reason: `the stack was in ${note.stackStatus} already when this creation began` };
  }
  // The id to delete may be an old one of a resource that lives on, so the resource's own status says nothing.
  if (requestType === 'Delete') return { wanted: true };
  if (resource === undefined) {
    return { wanted: 'unknown', reason: 'CloudFormation does not list the resource yet' };
  }
  if (resource.ResourceStatus === IN_PROGRESS[requestType]) return { wanted: true };
  const changed = resource.LastUpdatedTimestamp?.toISOString() ?? '';
  return changed > (note.resourceUpdated ?? '')
    ? { wanted: false, reason: `the resource is ${resource.ResourceStatus} since ${changed}` }
    : { wanted: 'unknown', reason: `CloudFormation shows an older state of the resource, ${resource.ResourceStatus}` };
}

function stackUpdated(stack: Stack): string {
  return (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? '';
}

/** Whether the stack returns to what it was before. */
export function isRollback(note: OperationNote): boolean {
  return note.stackStatus.includes('ROLLBACK');
}
