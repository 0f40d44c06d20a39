import {
  HandshakeRole,
  MemberAccountAssociation,
  S3ResourceAssociation,
  S3ResourceAssociations,
} from '../../src/macieclassic';
import { nagFindings } from '../support/macie';
import { IRELAND, testStack } from '../support/synthesis';

test.each([
  ['whose account and region are known', { env: IRELAND }],
  ['for any account and region', {}],
])('cdk-nag finds nothing in associations of all kinds that is not explained, in a stack %s', (_, props) => {
  const stack = testStack(props);
  new HandshakeRole(stack, 'Role', { administratorAccountId: '222222222222' });
  new MemberAccountAssociation(stack, 'Member', { memberAccountId: '222222222222' });
  new S3ResourceAssociation(stack, 'Association', { bucketName: 'logs' });
  new S3ResourceAssociations(stack, 'Set', { resources: [{ bucketName: 'data' }] });
  expect(nagFindings(stack)).toEqual([]);
});
