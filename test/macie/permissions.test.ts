import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClassificationExportConfiguration, ClassificationJob } from '../../src/macie';
import { type IDelegable, RoleAssumption } from '../../src/sts';
import { delegatedActions } from '../support/delegation';
import { CLASSIFICATION_EXPORT, callsOf } from '../support/macie';
import {
  actionsOf,
  filledIn,
  type Json,
  onlyResource,
  statementsOf,
  synthesize,
  testStack,
} from '../support/synthesis';

const HANDLER_ROLE = 'CdkSettledMacieProviderRole';
const JOBS = 'arn:aws:macie2:eu-west-1:111111111111:classification-job/*';
const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/macie');

function granted(build: (stack: Stack) => void): Json[] {
  return statementsOf(synthesize(build), HANDLER_ROLE).map((statement) => filledIn(statement));
}

function job(stack: Stack): void {
  new ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }] });
}

function results(stack: Stack, id = 'Results', role?: RoleAssumption): void {
  const bucket = new s3.Bucket(stack, `${id}Bucket`);
  const encryptionKey = new kms.Key(stack, `${id}Key`);
  new ClassificationExportConfiguration(stack, id, { bucket, encryptionKey, assumeRole: role });
}

const JOB_CALLS = [
  'CreateClassificationJob',
  'DescribeClassificationJob',
  'ListClassificationJobs',
  'TagResource',
  'UntagResource',
  'UpdateClassificationJob',
];
const EXPORT_CALLS = ['GetClassificationExportConfiguration', 'PutClassificationExportConfiguration'];

const OWN = [
  'cloudformation:DescribeStackResource',
  'cloudformation:DescribeStacks',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  ...JOB_CALLS.map((call) => `macie2:${call}`),
];
const EXPORT = EXPORT_CALLS.map((call) => `macie2:${call}`);

describe('the actions that are granted to the handler', () => {
  test('are listed here as the calls that its code can make', () => {
    expect(callsOf('macie')).toEqual([...JOB_CALLS, ...EXPORT_CALLS].sort());
  });

  test('are for a job exactly its calls', () => {
    expect(actionsOf(granted(job))).toEqual([...OWN].sort());
  });

  test('are for results also those on their configuration', () => {
    expect(actionsOf(granted((stack) => results(stack)))).toEqual([...OWN, ...EXPORT].sort());
  });
});

describe('the resources', () => {
  test('are "*" only where the API has no resource-level permissions', () => {
    const all = granted((stack) => {
      job(stack);
      results(stack);
    });
    const anywhere = all.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(actionsOf(anywhere)).toEqual([...EXPORT, 'macie2:ListClassificationJobs'].sort());
  });

  test('are jobs, made with the owner tag of this stack or carrying it', () => {
    const onJobs = granted(job).filter(({ Resource }) => Resource === JOBS);
    expect(onJobs).toEqual([
      {
        Effect: 'Allow',
        Action: ['macie2:CreateClassificationJob', 'macie2:TagResource'],
        Resource: JOBS,
        Condition: { StringLike: { 'aws:RequestTag/cdk-settled:owner': 'Stack/*' } },
      },
      {
        Effect: 'Allow',
        Action: ['macie2:DescribeClassificationJob', 'macie2:UntagResource', 'macie2:UpdateClassificationJob'],
        Resource: JOBS,
        Condition: { StringLike: { 'aws:ResourceTag/cdk-settled:owner': 'Stack/*' } },
      },
    ]);
  });
});

test('the configuration of results may be changed as long as it is in the stack', () => {
  const template = synthesize((stack) => results(stack));
  const [policyId] = Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) =>
    /ClassificationExport/.test(id),
  );
  expect(onlyResource(template, CLASSIFICATION_EXPORT).DependsOn).toContain(policyId);
});

test('with a role to assume the handler may assume exactly that role beside the standing permissions', () => {
  const statements = granted((stack) => results(stack, 'Results', assumeRole));
  expect(actionsOf(statements)).toEqual([...OWN, 'sts:AssumeRole'].sort());
  expect(statements.filter(({ Action }) => Action === 'sts:AssumeRole').map(({ Resource }) => Resource)).toEqual([
    assumeRole.roleArn,
  ]);
});

describe('a role in another account', () => {
  const made = (build: (stack: Stack) => IDelegable) => delegatedActions(build(testStack()));

  test('may make for a job exactly its calls', () => {
    const actions = made(
      (stack) => new ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }], assumeRole }),
    );
    expect(actions).toEqual(JOB_CALLS.map((call) => `macie2:${call}`));
  });

  test('may make for results exactly the calls on their configuration', () => {
    const actions = made((stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      const encryptionKey = new kms.Key(stack, 'Key');
      return new ClassificationExportConfiguration(stack, 'Results', { bucket, encryptionKey, assumeRole });
    });
    expect(actions).toEqual(EXPORT);
  });
});
