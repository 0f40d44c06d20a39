import {
  AssociateS3ResourcesCommand,
  DisassociateS3ResourcesCommand,
  type FailedS3Resource,
  ListS3ResourcesCommand,
  type S3OneTimeClassificationType,
  UpdateS3ResourcesCommand,
} from '@aws-sdk/client-macie';
import { SettlingError } from '../runtime/errors';
import { everyPage } from '../runtime/pages';
import type { Properties } from '../runtime/properties';
import type { Place, Run } from '../runtime/reconciler';
import { associationReconciler } from './association.runtime';
import type { Change } from './association-plan.runtime';
import type { Association } from './association-set.runtime';
import {
  macieClassic,
  PAGE_SIZE,
  type Refusal,
  saysAlreadyAssociated,
  saysNotAssociated,
} from './macie-classic.runtime';

/** What is associated of a bucket: all of it, or what begins with a prefix. */
export interface S3Association extends Association {
  readonly bucketName: string;
  /** Empty for the whole bucket. */
  readonly prefix: string;
  readonly classification: Classification;
}

export interface Classification {
  readonly oneTime: S3OneTimeClassificationType;
  readonly continuous: 'FULL';
}

export interface S3ResourcesGoal {
  /** Absent for the administrator account itself. */
  readonly memberAccountId?: string;
  readonly resources: ReadonlyArray<Pick<S3Association, 'bucketName' | 'prefix' | 'classification'>>;
}

export interface S3ResourcesAction {
  readonly call: 'AssociateS3Resources' | 'UpdateS3Resources' | 'DisassociateS3Resources';
  readonly accountId: string;
  readonly batch: readonly S3Association[];
}

/**
 * The model has no limit for the resources of one call. This many are a page of what lists answer, and what the console
 * let one select at once: https://docs.aws.amazon.com/macie/latest/userguide/macie-integration.html
 */
const MAX_PER_CALL = 250;

const CALLS: Readonly<Record<Change, S3ResourcesAction['call']>> = {
  add: 'AssociateS3Resources',
  change: 'UpdateS3Resources',
  remove: 'DisassociateS3Resources',
};

export const s3ResourcesReconciler = associationReconciler<S3ResourcesGoal, S3Association, S3ResourcesAction>({
  decode,
  wanted: ({ memberAccountId, resources }, { accountId }) =>
    resources.map((resource) => association(memberAccountId ?? accountId, resource)),
  list,
  perCall: MAX_PER_CALL,
  call: (change, batch) => ({ call: CALLS[change], accountId: batch[0]?.accountId ?? '', batch }),
  attributes: ({ resources }, preExisting) => ({ Count: `${resources.length}`, PreExisting: `${preExisting}` }),
  act,
});

function decode(properties: Properties): S3ResourcesGoal {
  const resources = properties.objects('Resources').map((each) => ({
    bucketName: each.string('BucketName'),
    prefix: each.optionalString('Prefix') ?? '',
    classification: { oneTime: oneTimeOf(each), continuous: 'FULL' as const },
  }));
  const keys = resources.map(({ bucketName, prefix }) => JSON.stringify([bucketName, prefix]));
  const twice = resources.find((_each, index) => keys.indexOf(keys[index]!) !== index);
  if (twice !== undefined) {
    throw new SettlingError(
      `property Resources names ${inWords(twice)} twice; give each bucket and prefix once, and only in one construct`,
    );
  }
  return { memberAccountId: properties.optionalString('MemberAccountId'), resources };
}

function oneTimeOf(resource: Properties): S3OneTimeClassificationType {
  const value = resource.optionalString('OneTime') ?? 'NONE';
  if (value === 'FULL' || value === 'NONE') return value;
  throw new SettlingError(`property Resources.OneTime must be FULL or NONE, got "${value}"`);
}

function association(
  accountId: string,
  { bucketName, prefix, classification }: Pick<S3Association, 'bucketName' | 'prefix' | 'classification'>,
): S3Association {
  const { oneTime, continuous } = classification;
  return {
    key: keyOf(accountId, bucketName, prefix),
    accountId,
    name: inWords({ bucketName, prefix }),
    setting: `continuous ${continuous}, one-time ${oneTime}`,
    bucketName,
    prefix,
    classification: { oneTime, continuous },
  };
}

/** An absent prefix equals an empty one; two prefixes of one bucket are two resources. */
function keyOf(accountId: string, bucketName: string, prefix: string): string {
  return JSON.stringify([accountId, bucketName, prefix]);
}

function inWords({ bucketName, prefix }: Pick<S3Association, 'bucketName' | 'prefix'>): string {
  return prefix === '' ? bucketName : `${bucketName}/${prefix}`;
}

async function list(run: Run<S3ResourcesGoal>, accountId: string): Promise<S3Association[]> {
  const macie = macieClassic(run);
  const pages = await everyPage((nextToken) =>
    macie.send(new ListS3ResourcesCommand({ ...memberIn(run.place, accountId), maxResults: PAGE_SIZE, nextToken })),
  );
  return pages
    .flatMap(({ s3Resources = [] }) => s3Resources)
    .map(({ bucketName = '', prefix = '', classificationType }) => {
      const { oneTime = 'NONE' } = classificationType ?? {};
      return association(accountId, { bucketName, prefix, classification: { oneTime, continuous: 'FULL' } });
    });
}

/** The administrator account is meant where none is named. */
function memberIn(place: Place, accountId: string): { readonly memberAccountId?: string } {
  return accountId === place.accountId ? {} : { memberAccountId: accountId };
}

async function act(action: S3ResourcesAction, run: Run<S3ResourcesGoal>): Promise<readonly Refusal[]> {
  const { failedS3Resources = [] } = await send(action, run);
  return failedS3Resources.flatMap((failed) => refusalOf(failed, action));
}

function send(
  { call, accountId, batch }: S3ResourcesAction,
  run: Run<S3ResourcesGoal>,
): Promise<{ readonly failedS3Resources?: FailedS3Resource[] }> {
  const macie = macieClassic(run);
  const member = memberIn(run.place, accountId);
  switch (call) {
    case 'AssociateS3Resources': {
      const s3Resources = batch.map((each) => ({ ...resourceOf(each), classificationType: each.classification }));
      return macie.send(new AssociateS3ResourcesCommand({ ...member, s3Resources }));
    }
    case 'UpdateS3Resources': {
      const s3ResourcesUpdate = batch.map((each) => ({
        ...resourceOf(each),
        classificationTypeUpdate: each.classification,
      }));
      return macie.send(new UpdateS3ResourcesCommand({ ...member, s3ResourcesUpdate }));
    }
    case 'DisassociateS3Resources': {
      const associatedS3Resources = batch.map(resourceOf);
      return macie.send(new DisassociateS3ResourcesCommand({ ...member, associatedS3Resources }));
    }
  }
}

function resourceOf({ bucketName, prefix }: S3Association): { readonly bucketName: string; readonly prefix?: string } {
  return { bucketName, ...(prefix !== '' && { prefix }) };
}

function refusalOf(
  { failedItem, errorCode = '', errorMessage = '' }: FailedS3Resource,
  { call, accountId }: S3ResourcesAction,
): Refusal {
  const { bucketName = '', prefix = '' } = failedItem ?? {};
  // Lists may show only later what has become of a call before, whose answer was lost.
  const isPassing =
    (call === 'AssociateS3Resources' && saysAlreadyAssociated(errorMessage)) ||
    (call === 'DisassociateS3Resources' && saysNotAssociated(errorMessage));
  return {
    key: keyOf(accountId, bucketName, prefix),
    name: inWords({ bucketName, prefix }),
    reason: [errorCode, errorMessage].filter((part) => part !== '').join(': '),
    kind: isPassing ? 'passing' : 'final',
  };
}
