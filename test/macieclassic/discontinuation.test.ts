import { Annotations, type Stack } from 'aws-cdk-lib';
import {
  HandshakeRole,
  MemberAccountAssociation,
  S3ResourceAssociation,
  S3ResourceAssociations,
} from '../../src/macieclassic';
import { warningsOf } from '../support/macie';
import { testStack } from '../support/synthesis';

const WARNING_ID = 'cdk-settled:macie-classic-discontinued';
const ACCOUNT = '222222222222';

const kinds: Array<[string, (stack: Stack) => unknown, string]> = [
  [
    'HandshakeRole',
    (stack) => new HandshakeRole(stack, 'Made', { administratorAccountId: ACCOUNT }),
    'AWS::Macie::Session in this account',
  ],
  [
    'MemberAccountAssociation',
    (stack) => new MemberAccountAssociation(stack, 'Made', { memberAccountId: ACCOUNT }),
    'AWS::Macie::Session and AWS::Macie::Member',
  ],
  [
    'S3ResourceAssociation',
    (stack) => new S3ResourceAssociation(stack, 'Made', { bucketName: 'logs' }),
    'asClassificationJob()',
  ],
  [
    'S3ResourceAssociations',
    (stack) => new S3ResourceAssociations(stack, 'Made', { resources: [{ bucketName: 'logs' }] }),
    'asClassificationJobs()',
  ],
];

test.each(kinds)(
  '%s warns at synthesis that Macie Classic is discontinued, and names the successor',
  (_, make, name) => {
    const stack = testStack();
    make(stack);
    expect(warningsOf(stack)).toEqual([
      expect.stringMatching(/^\/Stack\/Made AWS has discontinued Macie Classic, .*today's Amazon Macie/),
    ]);
    expect(warningsOf(stack)[0]).toContain(name);
  },
);

test.each(kinds)('the warning of %s can be acknowledged', (_, make) => {
  const stack = testStack();
  make(stack);
  Annotations.of(stack).acknowledgeWarning(WARNING_ID, 'we know');
  expect(warningsOf(stack)).toEqual([]);
});
