import { readAuthorizationMessage, takeEncodedMessage } from '../../src/runtime/authorization-message';

const TEXT = `aB3-_${'x'.repeat(900)}==`;

describe('an encoded message', () => {
  test.each([
    ['at the end', `You are not authorized. Encoded authorization failure message: ${TEXT}`],
    ['in the middle', `Encoded authorization failure message: ${TEXT}. Status code: 403`],
    ['in brackets', `no (Encoded authorization failure message: ${TEXT})`],
  ])('%s is taken out of the error, whole', (_where, message) => {
    const error = new Error(message);
    expect(takeEncodedMessage(error)).toBe(TEXT);
    expect(error.message).toBe(
      message.replace(
        /Encoded authorization failure message: [\w=-]+/,
        '(an encoded authorization message came with it)',
      ),
    );
    expect(`${error.message}${error.stack}`).not.toContain('xxxx');
  });

  test('that was broken into lines is taken as it is, and nothing of it stays', () => {
    const lines = `${TEXT}\n${'y'.repeat(64)}\n${'z'.repeat(40)}`;
    const error = new Error(`no. Encoded authorization failure message: ${lines}`);
    expect(takeEncodedMessage(error)).toBe(lines);
    expect(error.message).toBe('no. (an encoded authorization message came with it)');
  });

  test('that is not there leaves the error as it is', () => {
    const error = new Error('You are not authorized to perform this operation.');
    expect(takeEncodedMessage(error)).toBeUndefined();
    expect(error.message).toBe('You are not authorized to perform this operation.');
  });
});

describe('a decoded message', () => {
  const context = { principal: { id: 'AROA1:s', arn: 'arn:p' }, action: 'ec2:CreateSecurityGroup', resource: 'arn:r' };

  test('tells principal, action and resource, and that no statement allows it', () => {
    const message = { allowed: false, explicitDeny: false, matchedStatements: { items: [] }, context };
    expect(readAuthorizationMessage(JSON.stringify(message))).toEqual({
      principal: 'arn:p',
      action: 'ec2:CreateSecurityGroup',
      resource: 'arn:r',
      explicit: false,
      statements: [],
    });
  });

  test('names the statements that deny, where they have names', () => {
    const matchedStatements = { items: [{ statementId: 'NoGroups' }, { statementId: '' }, {}, null] };
    expect(readAuthorizationMessage(JSON.stringify({ explicitDeny: true, matchedStatements, context }))).toMatchObject({
      explicit: true,
      statements: ['NoGroups'],
    });
  });

  test.each([
    ['no JSON', 'not json'],
    ['XML', '<a/>'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['other types', '{"context":"x","matchedStatements":7,"explicitDeny":"yes"}'],
    ['lists', '{"context":{"principal":[],"action":{},"resource":1},"matchedStatements":{"items":{}}}'],
  ])('that is %s tells nothing, and does not fail', (_what, decoded) => {
    expect(readAuthorizationMessage(decoded)).toBeUndefined();
  });

  test('is read as far as it is as documented', () => {
    expect(readAuthorizationMessage('{"context":{"action":"ec2:CreateTags"}}')).toEqual({
      principal: undefined,
      action: 'ec2:CreateTags',
      resource: undefined,
      explicit: false,
      statements: [],
    });
  });
});
