import { AssumptionError } from '../../src/runtime/assumption-error';
import { classify, describeFailure } from '../../src/runtime/errors';
import { aSession, awsError, CALLER, ROLE_ARN, unassumable } from '../support/runs';

const HUB = aSession({ RoleArn: 'arn:aws:iam::777788889999:role/Hub' });

const described = (error: AssumptionError) => describeFailure('looking at shop failed', error);

test('it has the name, the message and the metadata of its cause, and the class that follows from them', () => {
  const error = unassumable();
  expect(error).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403, requestId: 'r-42' } });
  expect(classify(error)).toBe('denied');
  expect(classify(new AssumptionError(awsError('ExpiredTokenException'), aSession()))).toBe('retryable');
  expect(classify(new AssumptionError(Object.assign(new Error('?'), { code: 'ECONNRESET' }), aSession()))).toBe(
    'ambiguous',
  );
});

test('the session is nothing that a log of the error would show', () => {
  const error = unassumable(aSession({ ExternalId: 'of-two', Policy: '{}' }));
  expect(error.session.request.ExternalId).toBe('of-two');
  expect(JSON.stringify({ ...error })).not.toMatch(/of-two|Policy/);
});

describe('of a role that refuses to be assumed, the message', () => {
  test('says which role, by whom, and what to check, in this order', () => {
    expect(described(unassumable())).toBe(
      `looking at shop failed: AccessDenied: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN} (AWS request id r-42); ` +
        `the role ${ROLE_ARN} could not be assumed: check that it trusts the provider: its account, or the tag cdk-settled:provider of the provider's role; ` +
        'that it demands no external id, since none is given; that it has not been deleted',
    );
  });

  test('names the external id that was given', () => {
    expect(described(unassumable(aSession({ ExternalId: 'of-two' })))).toContain(
      'that it demands the external id "of-two" and no other',
    );
  });

  test.each([
    ['tags', aSession({ Tags: [{ Key: 'team', Value: 'web' }] }), 'sts:TagSession'],
    ['transitive tags of the role before', aSession({}, aSession({ TransitiveTagKeys: ['team'] })), 'sts:TagSession'],
    ['a source identity', aSession({ SourceIdentity: 'alice' }), 'sts:SetSourceIdentity'],
    ['that of the role before', aSession({}, aSession({ SourceIdentity: 'alice' })), 'sts:SetSourceIdentity'],
  ])('asks with %s whether the role allows it', (_what, session, action) => {
    expect(described(unassumable(session))).toContain(`that it allows ${action}`);
  });

  test('asks for neither without them', () => {
    expect(described(unassumable())).not.toMatch(/TagSession|SetSourceIdentity/);
  });

  test('names the role on the way to it', () => {
    expect(described(unassumable(aSession({}, HUB)))).toContain(
      'that it trusts the role arn:aws:iam::777788889999:role/Hub, which must be allowed to assume it',
    );
  });
});

test('a policy of the side that assumes, which AWS names, is told first', () => {
  const words = `User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN} because no permissions boundary allows the sts:AssumeRole action`;
  expect(described(new AssumptionError(awsError('AccessDenied', words, 403), aSession()))).toContain(
    `; add {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${ROLE_ARN}"} to the permissions boundary of the role shop-Provider-1ABC of account 111122223333; the role ${ROLE_ARN} could not be assumed`,
  );
});

test.each([
  [
    'RegionDisabledException',
    'STS is not active in eu-central-1 for account 444455556666: enable that region there, or set stsRegion',
  ],
  ['MalformedPolicyDocumentException', 'correct sessionPolicy of RoleAssumption'],
  ['PackedPolicyTooLargeException', 'shorten sessionPolicy of RoleAssumption'],
  ['InvalidClientTokenId', 'the region may not be enabled in this account'],
])('%s has a remedy of its own', (name, remedy) => {
  expect(described(unassumable(aSession(), name))).toContain(`; ${remedy}`);
});

test('what passes has no remedy', () => {
  expect(described(unassumable(aSession(), 'Throttling', 400))).toMatch(/\(AWS request id r-42\)$/);
});
