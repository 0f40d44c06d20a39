import type { Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import { accessDenied, type ItemFailure, invalidInput, itemFailure, limitExceeded } from './errors';
import { page } from './pages';
import {
  type MacieClassicContext,
  type MacieClassicOperations,
  type MacieClassicState,
  resourceKey,
  type S3Association,
} from './state';

export function s3ResourceOperations(context: MacieClassicContext): MacieClassicOperations {
  return {
    AssociateS3Resources: {
      permissions: (input, call) => onBuckets('AssociateS3Resources', input.s3Resources, call),
      handle: (input, state, call) => associate(new Batch('AssociateS3Resources', input, state, call, context), input),
    },
    UpdateS3Resources: {
      permissions: (input, call) => onBuckets('UpdateS3Resources', input.s3ResourcesUpdate, call),
      handle: (input, state, call) => update(new Batch('UpdateS3Resources', input, state, call, context), input),
    },
    DisassociateS3Resources: {
      permissions: (input, call) => onBuckets('DisassociateS3Resources', input.associatedS3Resources, call),
      handle: (input, state, call) => {
        const batch = new Batch('DisassociateS3Resources', input, state, call, context);
        return batch.run(input.associatedS3Resources, (_resource, key) => {
          if (state.resources.get(key) === undefined) return NOT_ASSOCIATED;
          return void state.resources.remove(key, call.world.clock.now());
        });
      },
    },
    ListS3Resources: {
      permissions: () => [{ action: 'macie:ListS3Resources', resource: '*' }],
      handle: (input, state, call) => list(input, state, call, context),
    },
  };
}

/** Seen by others: https://github.com/hashicorp/terraform-provider-aws/pull/5201 */
const NOT_ASSOCIATED = itemFailure('The specified S3 resource (bucket or prefix) is not associated with Macie.');
const ASSOCIATED = itemFailure('The specified S3 resource (bucket or prefix) is already associated with Macie.');

/** No resource-level permission, but the buckets are a condition key of the operations that change associations. */
function onBuckets(action: string, items: ReadonlyArray<{ bucketName: string }>, { world }: Call): Permission[] {
  const arns = new Set(items.map(({ bucketName }) => `arn:${world.partition}:s3:::${bucketName}`));
  return [{ action: `macie:${action}`, resource: '*', context: { 'aws:SourceArn': [...arns] } }];
}

/** One call on several S3 resources of one account. Each succeeds or fails for itself; the call succeeds all the same. */
class Batch {
  readonly accountId: string;

  constructor(
    private readonly operation: string,
    input: Document,
    readonly state: MacieClassicState,
    readonly call: Call,
    readonly context: MacieClassicContext,
  ) {
    this.accountId = ownerOf(input, state, call, context);
  }

  run(items: readonly Document[], act: (item: Document, key: string) => ItemFailure | undefined): Document {
    const { resourcesPerCall } = this.context.settings;
    if (items.length === 0 || items.length > resourcesPerCall) {
      throw invalidInput(`A request names 1 to ${resourcesPerCall} S3 resources, got ${items.length}.`);
    }
    const failedS3Resources = items.flatMap((item) => {
      const failure = this.planned(item) ?? act(item, this.key(item));
      if (failure === undefined) return [];
      const { bucketName, prefix } = item;
      const failedItem = { bucketName, ...(prefix !== undefined && { prefix }) };
      return [{ failedItem, errorCode: failure.code, errorMessage: failure.message }];
    });
    return { failedS3Resources };
  }

  key({ bucketName, prefix }: Document): string {
    return resourceKey({ accountId: this.accountId, bucketName, prefix });
  }

  private planned({ bucketName, prefix = '' }: Document): ItemFailure | undefined {
    const failure = this.state.plannedFailures.find(
      (planned) =>
        planned.bucketName === bucketName &&
        (planned.prefix ?? prefix) === prefix &&
        (planned.operation ?? this.operation) === this.operation &&
        planned.times !== 0,
    );
    if (failure?.times !== undefined) failure.times -= 1;
    return failure;
  }
}

function associate(batch: Batch, input: Document): Document {
  const { state, call, accountId } = batch;
  const { settings } = batch.context;
  checkQuota(batch, input.s3Resources);
  return batch.run(input.s3Resources, (item, key) => {
    const { bucketName, prefix, classificationType } = item;
    const value: S3Association = { accountId, bucketName, prefix, ...classificationType };
    if (state.resources.get(key) !== undefined) {
      if (settings.resourceAgain === 'update') state.resources.change(key, value);
      return settings.resourceAgain === 'fail' ? ASSOCIATED : undefined;
    }
    const problem = bucketProblem(bucketName, batch);
    if (problem !== undefined) return problem;
    if (state.resources.values().length >= settings.quotas.s3Resources) {
      return itemFailure('The quota of S3 resources is used up.', 'LimitExceededException');
    }
    return void state.resources.add(key, value, call.world.clock.now());
  });
}

function checkQuota(batch: Batch, items: readonly Document[]): void {
  const { quotas, quotaRefuses } = batch.context.settings;
  if (quotaRefuses === 'item') return;
  const added = new Set(
    items.map((item) => batch.key(item)).filter((key) => batch.state.resources.get(key) === undefined),
  );
  const count = batch.state.resources.values().length;
  if (count + added.size <= quotas.s3Resources) return;
  throw limitExceeded(`The account has ${count} S3 resources, and its quota is ${quotas.s3Resources}.`, 'S3Resource');
}

/** Codes and words of these are not known. */
function bucketProblem(name: string, { call, context, accountId }: Batch): ItemFailure | undefined {
  if (context.settings.bucket === undefined) return undefined;
  const bucket = context.settings.bucket(name, call);
  if (bucket === undefined) return itemFailure(`The specified S3 bucket ${name} does not exist.`);
  if (bucket.accountId !== accountId) {
    return itemFailure(
      `The specified S3 bucket ${name} is not owned by account ${accountId}.`,
      'AccessDeniedException',
    );
  }
  if (bucket.region === call.region) return undefined;
  return itemFailure(`The specified S3 bucket ${name} is in region ${bucket.region}.`);
}

function update(batch: Batch, input: Document): Document {
  const { state } = batch;
  const empty = input.s3ResourcesUpdate.find(
    ({ classificationTypeUpdate: { oneTime, continuous } }: Document) =>
      oneTime === undefined && continuous === undefined,
  );
  if (empty !== undefined) {
    throw invalidInput(
      `The update of ${empty.bucketName} names neither oneTime nor continuous; name at least one.`,
      'classificationTypeUpdate',
    );
  }
  return batch.run(input.s3ResourcesUpdate, ({ classificationTypeUpdate }, key) => {
    const before = state.resources.get(key);
    if (before === undefined) return NOT_ASSOCIATED;
    return void state.resources.change(key, { ...before, ...classificationTypeUpdate });
  });
}

function list(input: Document, state: MacieClassicState, call: Call, context: MacieClassicContext): Document {
  const accountId = ownerOf(input, state, call, context);
  const own = state.resources.seen(call.world.clock.now()).filter((resource) => resource.accountId === accountId);
  const scope = JSON.stringify(['resources', call.accountId, call.region, accountId]);
  const { items, nextToken } = page(own, resourceKey, input, scope);
  const s3Resources = items.map(({ bucketName, prefix = '', oneTime, continuous }) => ({
    bucketName,
    ...((prefix !== '' || context.settings.emptyPrefix === 'empty') && { prefix }),
    classificationType: { oneTime, continuous },
  }));
  return { s3Resources, ...(nextToken !== undefined && { nextToken }) };
}

/** The account whose resources a request means: a member, or the caller's own. */
function ownerOf(input: Document, state: MacieClassicState, call: Call, { settings }: MacieClassicContext): string {
  const id = input.memberAccountId ?? call.accountId;
  if (id === call.accountId || state.members.get(id) !== undefined) return id;
  const fact = `Account ${id} is not yet associated with Macie.`;
  throw settings.strangerError === 'AccessDeniedException' ? accessDenied(fact) : invalidInput(fact, 'memberAccountId');
}
