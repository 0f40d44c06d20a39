import {
  GetClassificationExportConfigurationCommand,
  PutClassificationExportConfigurationCommand,
  type S3Destination,
} from '@aws-sdk/client-macie2';
import type { Properties } from '../runtime/properties';
import type { Observation, PlanContext, Reconciler, Run, Step } from '../runtime/reconciler';
import { isNotEnabled, macie, notEnabledIn } from './macie.runtime';

export interface ExportDestination {
  readonly bucketName: string;
  /** Empty for none. */
  readonly keyPrefix: string;
  readonly kmsKeyArn: string;
}

export interface ExportGoal extends ExportDestination {
  /** Whether a configuration that somebody else has made may be replaced. */
  readonly replaceExisting: boolean;
}

/** There is one configuration for an account and region, without tags: none is ever ours alone. */
export interface ExportObservation extends Observation {
  readonly present?: ExportDestination;
  readonly notEnabled?: boolean;
}

export interface ExportAction {
  readonly call: 'PutClassificationExportConfiguration';
  readonly destination: ExportDestination;
}

export const classificationExportReconciler: Reconciler<ExportGoal, ExportObservation, ExportAction> = {
  decode,
  replacementReasons: () => [],
  observe,
  plan,
  act,
};

function decode(properties: Properties): ExportGoal {
  return {
    bucketName: properties.string('BucketName'),
    keyPrefix: withoutSlash(properties.optionalString('KeyPrefix')),
    kmsKeyArn: properties.string('KmsKeyArn'),
    replaceExisting: properties.optionalBoolean('ReplaceExisting') ?? false,
  };
}

/** Macie puts a slash behind the prefix where there is none. */
function withoutSlash(prefix = ''): string {
  return prefix.replace(/\/$/, '');
}

async function observe(run: Run<ExportGoal>): Promise<ExportObservation> {
  // Nothing can remove the configuration.
  if (run.requestType === 'Delete') return {};
  try {
    const answer = await macie(run).send(new GetClassificationExportConfigurationCommand({}));
    return { present: destinationOf(answer.configuration?.s3Destination) };
  } catch (error) {
    if (isNotEnabled(error)) return { notEnabled: true };
    throw error;
  }
}

function destinationOf(destination: S3Destination | undefined): ExportDestination | undefined {
  if (destination === undefined) return undefined;
  const { bucketName = '', keyPrefix, kmsKeyArn = '' } = destination;
  return { bucketName, keyPrefix: withoutSlash(keyPrefix), kmsKeyArn };
}

function plan(
  goal: ExportGoal | undefined,
  { present, notEnabled = false }: ExportObservation,
  { previous, rollback, place }: PlanContext<ExportGoal>,
): Step<ExportAction> {
  if (goal === undefined) return { kind: 'done', attributes: {} };
  const done: Step<ExportAction> = { kind: 'done', attributes: { BucketName: goal.bucketName } };
  // A rollback must end, and without Macie there is nothing to return to.
  if (notEnabled) return rollback ? done : { kind: 'fail', reason: notEnabledIn(place) };
  if (present !== undefined && isSame(present, goal)) return done;
  const isOurs = present === undefined || (previous !== undefined && isSame(present, previous));
  if (isOurs || goal.replaceExisting) {
    const { bucketName, keyPrefix, kmsKeyArn } = goal;
    return {
      kind: 'act',
      action: { call: 'PutClassificationExportConfiguration', destination: { bucketName, keyPrefix, kmsKeyArn } },
    };
  }
  // The update that is rolled back has failed for the same: it has changed nothing.
  return rollback ? done : { kind: 'fail', reason: describeOther(present, place) };
}

function isSame(a: ExportDestination, b: ExportDestination): boolean {
  return a.bucketName === b.bucketName && a.keyPrefix === b.keyPrefix && a.kmsKeyArn === b.kmsKeyArn;
}

function describeOther(
  { bucketName, keyPrefix, kmsKeyArn }: ExportDestination,
  { accountId, region }: PlanContext<unknown>['place'],
): string {
  const path = keyPrefix === '' ? bucketName : `${bucketName}/${keyPrefix}`;
  return `Macie in ${accountId}/${region} exports its results to ${path} with key ${kmsKeyArn} already, which was not configured by this stack; give the same, or set replaceExisting`;
}

async function act({ destination }: ExportAction, run: Run<ExportGoal>): Promise<void> {
  const { bucketName, keyPrefix, kmsKeyArn } = destination;
  const s3Destination = { bucketName, ...(keyPrefix !== '' && { keyPrefix }), kmsKeyArn };
  await macie(run).send(new PutClassificationExportConfigurationCommand({ configuration: { s3Destination } }));
}
