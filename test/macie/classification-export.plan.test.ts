import {
  classificationExportReconciler,
  type ExportGoal,
  type ExportObservation,
} from '../../src/macie/classification-export.reconciler';
import { Properties } from '../../src/runtime/properties';
import type { PlanContext } from '../../src/runtime/reconciler';
import { FakeAws } from '../support/fake-aws';
import { aRun, awsError } from '../support/runs';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/k';
const HERE = { bucketName: 'results', keyPrefix: 'macie', kmsKeyArn: KEY };
const ELSEWHERE = { ...HERE, bucketName: 'elsewhere' };
const GOAL: ExportGoal = { ...HERE, replaceExisting: false };
const BEFORE: ExportGoal = { ...GOAL, bucketName: 'before' };

function plan(
  goal: ExportGoal | undefined,
  observed: ExportObservation = {},
  run: Partial<PlanContext<ExportGoal>> = {},
) {
  return classificationExportReconciler.plan(goal, observed, aRun<ExportGoal>(run));
}

const put = { kind: 'act', action: { call: 'PutClassificationExportConfiguration', destination: HERE } };
const done = { kind: 'done', attributes: { BucketName: 'results' } };
const { bucketName, keyPrefix, kmsKeyArn } = BEFORE;

test.each<[string, ReturnType<typeof plan>, unknown]>([
  ['there is none, it is set', plan(GOAL), put],
  ['it is as wanted, it is done', plan(GOAL, { present: HERE }), done],
  ['another may be replaced, it is', plan({ ...GOAL, replaceExisting: true }, { present: ELSEWHERE }), put],
  [
    'it is as this stack had it before, it is changed',
    plan(GOAL, { present: { bucketName, keyPrefix, kmsKeyArn } }, { previous: BEFORE }),
    put,
  ],
  [
    'an update is rolled back that failed because of another, that stays',
    plan(GOAL, { present: ELSEWHERE }, { previous: BEFORE, rollback: true }),
    done,
  ],
  ['Macie is not enabled, a rollback ends', plan(GOAL, { notEnabled: true }, { rollback: true }), done],
  ['it is deleted, it stays: nothing can remove it', plan(undefined), { kind: 'done', attributes: {} }],
])('where %s', (_what, step, expected) => {
  expect(step).toEqual(expected);
});

test('another configuration is a failure that names it', () => {
  expect(plan(GOAL, { present: ELSEWHERE })).toEqual({
    kind: 'fail',
    reason: `Macie in 111122223333/eu-central-1 exports its results to elsewhere/macie with key ${KEY} already, which was not configured by this stack; give the same, or set replaceExisting`,
  });
});

test('without Macie it fails and says how to enable it', () => {
  expect(plan(GOAL, { notEnabled: true })).toMatchObject({ reason: expect.stringContaining('AWS::Macie::Session') });
});

describe('calls', () => {
  const properties = new Properties({
    BucketName: 'results',
    KeyPrefix: 'macie/',
    KmsKeyArn: KEY,
    ReplaceExisting: 'true',
  });
  const observe = (answer: () => unknown, requestType: 'Create' | 'Delete' = 'Create') => {
    const aws = new FakeAws({ GetClassificationExportConfiguration: answer });
    return classificationExportReconciler.observe(aRun({ properties, aws: aws.clients, requestType }) as never);
  };

  test('properties are decoded, and a slash behind the prefix means nothing', () => {
    expect(classificationExportReconciler.decode(properties)).toEqual({ ...HERE, replaceExisting: true });
  });

  test('the configuration is read, if there is one', async () => {
    const s3Destination = { ...HERE, keyPrefix: 'macie/' };
    expect(await observe(() => ({ configuration: { s3Destination } }))).toEqual({ present: HERE });
    expect(await observe(() => ({ configuration: {} }))).toEqual({ present: undefined });
  });

  test('that Macie is not enabled is no failure yet; another denial is one', async () => {
    const denied = (message: string) => () => {
      throw awsError('AccessDeniedException', message, 403);
    };
    expect(await observe(denied('Macie is not enabled'))).toEqual({ notEnabled: true });
    await expect(observe(denied('no'))).rejects.toThrow('no');
  });

  test('to delete nothing is read', async () => {
    expect(await observe(() => fail('it was read'), 'Delete')).toEqual({});
  });

  test('it is set without a prefix where there is none', async () => {
    const seen: unknown[] = [];
    const aws = new FakeAws({ PutClassificationExportConfiguration: (input) => seen.push(input) });
    for (const destination of [HERE, { ...HERE, keyPrefix: '' }]) {
      const action = { call: 'PutClassificationExportConfiguration', destination } as const;
      await classificationExportReconciler.act(action, aRun({ aws: aws.clients }) as never);
    }
    const withoutPrefix = { bucketName: 'results', kmsKeyArn: KEY };
    expect(seen).toEqual([HERE, withoutPrefix].map((s3Destination) => ({ configuration: { s3Destination } })));
  });
});
