import { decodeAssumedRole } from '../../src/runtime/assumed-role';
import { Properties } from '../../src/runtime/properties';

const REQUIRED = { RoleArn: 'arn:aws:iam::444455556666:role/path/Deploy', SessionName: 'shop-Monitor' };

function decode(role: unknown) {
  return decodeAssumedRole(new Properties({ AssumeRole: role }), 'eu-central-1');
}

test('there is no role to assume where the property is missing', () => {
  expect(decodeAssumedRole(new Properties({}), 'eu-central-1')).toBeUndefined();
});

test('the account is that of the role, the regions are those of the stack', () => {
  expect(decode(REQUIRED)).toMatchObject({
    accountId: '444455556666',
    region: 'eu-central-1',
    stsRegion: 'eu-central-1',
  });
});

test('STS is asked in the region of the resource unless another is given', () => {
  expect(decode({ ...REQUIRED, Region: 'us-east-1' })).toMatchObject({ region: 'us-east-1', stsRegion: 'us-east-1' });
  expect(decode({ ...REQUIRED, Region: 'us-east-1', StsRegion: 'eu-west-1' })).toMatchObject({
    region: 'us-east-1',
    stsRegion: 'eu-west-1',
  });
});

test('the request to STS has all that was given, decoded from strings', () => {
  const role = decode({
    ...REQUIRED,
    DurationSeconds: '900',
    ExternalId: 'secret-of-two',
    Policy: '{"Version":"2012-10-17"}',
    PolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    Tags: [{ Key: 'team', Value: 'web' }],
    TransitiveTagKeys: ['team'],
    SourceIdentity: 'alice',
  });
  expect(role?.request).toEqual({
    RoleArn: REQUIRED.RoleArn,
    RoleSessionName: 'shop-Monitor',
    DurationSeconds: 900,
    ExternalId: 'secret-of-two',
    Policy: '{"Version":"2012-10-17"}',
    PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    Tags: [{ Key: 'team', Value: 'web' }],
    TransitiveTagKeys: ['team'],
    SourceIdentity: 'alice',
  });
});

test('the request to STS has no tags where none are given, since these need a permission', () => {
  expect(decode(REQUIRED)?.request.Tags).toBeUndefined();
});

describe('a chain of roles', () => {
  const HUB = { RoleArn: 'arn:aws:iam::777788889999:role/Hub', SessionName: 'hub', ExternalId: 'of-the-hub' };
  const FIRST = { RoleArn: 'arn:aws:iam::777788889999:role/First', SessionName: 'first', StsRegion: 'us-west-2' };

  test('is decoded role by role', () => {
    expect(decode({ ...REQUIRED, Via: { ...HUB, Via: FIRST } })).toMatchObject({
      request: { RoleArn: REQUIRED.RoleArn },
      accountId: '444455556666',
      via: {
        request: { RoleArn: HUB.RoleArn, RoleSessionName: 'hub', ExternalId: 'of-the-hub' },
        via: { request: { RoleArn: FIRST.RoleArn }, via: undefined },
      },
    });
  });

  test('asks STS in the region of the resource, for each role that names no other', () => {
    const role = decode({ ...REQUIRED, Region: 'us-east-1', StsRegion: 'eu-west-1', Via: { ...HUB, Via: FIRST } });
    expect([role?.stsRegion, role?.via?.stsRegion, role?.via?.via?.stsRegion]).toEqual([
      'eu-west-1',
      'us-east-1',
      'us-west-2',
    ]);
  });

  test('fails naming the property of the role that is wrong', () => {
    expect(() => decode({ ...REQUIRED, Via: { SessionName: 'hub' } })).toThrow(
      'property AssumeRole.Via.RoleArn is required',
    );
  });
});

test.each([
  ['a role ARN', { SessionName: 's' }, 'property AssumeRole.RoleArn is required'],
  ['a session name', { RoleArn: REQUIRED.RoleArn }, 'property AssumeRole.SessionName is required'],
  ['an object', 'arn:aws:iam::444455556666:role/Deploy', 'property AssumeRole must be an object'],
  [
    'a duration in numbers',
    { ...REQUIRED, DurationSeconds: '15m' },
    'property AssumeRole.DurationSeconds must be a number',
  ],
])('without %s it fails, naming the property', (_what, role, message) => {
  expect(() => decode(role)).toThrow(message);
});
