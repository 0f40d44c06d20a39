import type { Stack } from 'aws-cdk-lib';
import { MemberAccountAssociation, S3ResourceAssociation } from '../../src/macieclassic';
import { RoleAssumption } from '../../src/sts';
import { delegated, delegatedActions } from '../support/delegation';
import { callsIn, callsOf } from '../support/macie';
import { actionsOf, filledIn, type Json, statementsOf, synthesize, testStack } from '../support/synthesis';

const HANDLER_ROLE = 'CdkSettledMacieClassicProviderRole';
const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/macie');

function granted(build: (stack: Stack) => void): Json[] {
  return statementsOf(synthesize(build), HANDLER_ROLE).map((statement) => filledIn(statement));
}

function everything(stack: Stack): void {
  new MemberAccountAssociation(stack, 'Member', { memberAccountId: '222222222222' });
  new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs' });
}

/** The seven of the API: each is used. */
const MACIE_CALLS = [
  'AssociateMemberAccount',
  'AssociateS3Resources',
  'DisassociateMemberAccount',
  'DisassociateS3Resources',
  'ListMemberAccounts',
  'ListS3Resources',
  'UpdateS3Resources',
];
const PARAMETER_CALLS = ['DeleteParameter', 'GetParameter', 'ListTagsForResource', 'PutParameter'];
/** PutParameter with tags asks for this, too. */
const TAGGING = 'ssm:AddTagsToResource';

const OWN = [
  'cloudformation:DescribeStackResource',
  'cloudformation:DescribeStacks',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  TAGGING,
  ...MACIE_CALLS.map((call) => `macie:${call}`),
  ...PARAMETER_CALLS.map((call) => `ssm:${call}`),
];

test('the actions that are granted to the handler are the calls that its code can make', () => {
  expect(callsOf('macieclassic')).toEqual(MACIE_CALLS);
  expect(callsIn('runtime/parameter.ts')).toEqual(PARAMETER_CALLS);
  expect(actionsOf(granted(everything))).toEqual([...OWN].sort());
});

test('the resources are "*" for Macie Classic alone, which has no resource-level permissions', () => {
  const anywhere = granted(everything).filter(({ Resource }) => [Resource].flat().includes('*'));
  expect(actionsOf(anywhere)).toEqual(MACIE_CALLS.map((call) => `macie:${call}`));
});

test('the parameters are the records of this stack', () => {
  const statements = granted(everything).filter((statement) => actionsOf([statement]).includes(TAGGING));
  expect(statements.map(({ Resource }) => Resource)).toEqual([
    'arn:aws:ssm:eu-west-1:111111111111:parameter/cdk-settled/Stack/macie-classic/*',
  ]);
});

test('with a role to assume the handler may assume exactly that role beside the standing permissions', () => {
  const statements = granted((stack) => {
    new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs', assumeRole });
  });
  expect(actionsOf(statements)).toEqual([...OWN, 'sts:AssumeRole'].sort());
  expect(statements.filter(({ Action }) => Action === 'sts:AssumeRole').map(({ Resource }) => Resource)).toEqual([
    assumeRole.roleArn,
  ]);
});

describe('a role in another account', () => {
  const parameters = [TAGGING, ...PARAMETER_CALLS.map((call) => `ssm:${call}`)].sort();
  const macie = (of: RegExp) => MACIE_CALLS.filter((call) => of.test(call)).map((call) => `macie:${call}`);

  test('may make for a member account its calls, and keep the records, which are there as well', () => {
    const association = new MemberAccountAssociation(testStack(), 'It', {
      memberAccountId: '333333333333',
      assumeRole,
    });
    expect(delegatedActions(association)).toEqual([...macie(/MemberAccount/), ...parameters]);
    expect(delegated(association)[1].Resource).toBe(
      'arn:aws:ssm:eu-west-1:222222222222:parameter/cdk-settled/Stack/macie-classic/*',
    );
  });

  test('may make for S3 resources theirs', () => {
    const association = new S3ResourceAssociation(testStack(), 'It', { bucketName: 'logs', assumeRole });
    expect(delegatedActions(association)).toEqual([...macie(/S3Resources/), ...parameters]);
  });
});
