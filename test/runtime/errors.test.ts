import {
  classify,
  describeFailure,
  type ErrorClass,
  ifPresent,
  isTransient,
  SettlingError,
} from '../../src/runtime/errors';
import { aSession, awsError, unassumable } from '../support/runs';

function withCode(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

function withStatus(httpStatusCode: number, name = 'Unknown'): Error {
  return Object.assign(new Error('?'), { name, $metadata: { httpStatusCode } });
}

describe('classify', () => {
  const BY_NAME: Record<ErrorClass, string[]> = {
    retryable: [
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'RequestThrottled',
      'RequestThrottledException',
      'SlowDown',
      'PriorRequestNotComplete',
      'ExpiredToken',
      'ExpiredTokenException',
    ],
    ambiguous: [
      'ConflictException',
      'InternalServerException',
      'InternalFailure',
      'InternalError',
      'ServiceUnavailable',
      'ServiceUnavailableException',
      'TimeoutError',
      'RequestTimeout',
      'RequestTimeoutException',
      'CloudHsmInternalFailureException',
    ],
    absent: [
      'ResourceNotFoundException',
      'NotFoundException',
      'NoSuchEntity',
      'NoSuchEntityException',
      'CloudHsmResourceNotFoundException',
    ],
    denied: [
      'AccessDenied',
      'AccessDeniedException',
      'UnauthorizedOperation',
      'NotAuthorizedException',
      'CloudHsmAccessDeniedException',
    ],
    final: [
      'ServiceQuotaExceededException',
      'LimitExceededException',
      'RegionDisabledException',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
    ],
  };
  const names = Object.entries(BY_NAME).flatMap(([errorClass, list]) => list.map((name) => [name, errorClass]));

  test.each(names)('takes the name %s for %s, whatever the status', (name, errorClass) => {
    const statusOfAnotherClass = errorClass === 'final' ? 500 : 418;
    expect(classify(awsError(name as string, '?', statusOfAnotherClass))).toBe(errorClass);
  });

  test.each(['ValidationException', 'ValidationError', 'InvalidParameterException'])(
    'takes a refused request, %s, for final',
    (name) => {
      expect(classify(awsError(name, '?', 400))).toBe('final');
    },
  );

  test.each([
    ['ECONNREFUSED', 'retryable'],
    ['EAI_AGAIN', 'retryable'],
    ['EHOSTUNREACH', 'retryable'],
    ['ENETUNREACH', 'retryable'],
    ['ENOTFOUND', 'final'],
    ['ECONNRESET', 'ambiguous'],
    ['ECONNABORTED', 'ambiguous'],
    ['EPIPE', 'ambiguous'],
    ['ETIMEDOUT', 'ambiguous'],
    ['ENOSUCHCODE', 'final'],
  ])("takes node's code %s for %s", (code, errorClass) => {
    expect(classify(withCode(code))).toBe(errorClass);
  });

  test.each([
    [200, 'ambiguous'],
    [301, 'final'],
    [400, 'final'],
    [402, 'final'],
    [403, 'denied'],
    [404, 'absent'],
    [409, 'final'],
    [429, 'retryable'],
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'ambiguous'],
    [599, 'ambiguous'],
  ])('takes the status %d of an unknown name for %s', (status, errorClass) => {
    expect(classify(withStatus(status))).toBe(errorClass);
  });

  test('takes an answer that succeeded but cannot be read for ambiguous, since the call took effect', () => {
    expect(classify(withStatus(200, 'SyntaxError'))).toBe('ambiguous');
  });

  test("lets the name decide before node's code, and node's code before the status", () => {
    expect(classify(Object.assign(withCode('ECONNREFUSED'), { name: 'TimeoutError' }))).toBe('ambiguous');
    expect(classify(Object.assign(withCode('ECONNREFUSED'), { $metadata: { httpStatusCode: 404 } }))).toBe('retryable');
  });

  test.each([['a string'], [undefined], [null], [{ name: 'ThrottlingException' }]])('takes %p for final', (thrown) => {
    expect(classify(thrown)).toBe('final');
  });
});

describe('isTransient', () => {
  test.each([
    ['retryable', awsError('Throttling'), true],
    ['ambiguous', awsError('InternalFailure'), true],
    ['absent', awsError('ResourceNotFoundException'), false],
    ['final', awsError('ValidationException'), false],
    ['denied', awsError('AccessDenied', 'not authorized to perform: rum:GetAppMonitor'), false],
  ])('of an error that is %s', (_class, error, transient) => {
    expect(isTransient(error, 0)).toBe(transient);
  });

  test('waits one minute for a new role to become assumable, and no longer', () => {
    expect(isTransient(unassumable(), 59_999)).toBe(true);
    expect(isTransient(unassumable(), 60_000)).toBe(false);
  });

  test('waits as long for a new role on the way to another', () => {
    expect(isTransient(unassumable(aSession({}, aSession())), 59_999)).toBe(true);
  });

  test('does not wait where a call is denied that only speaks of assuming roles', () => {
    expect(isTransient(awsError('AccessDenied', 'not authorized to perform: sts:AssumeRole', 403), 0)).toBe(false);
  });

  test.each([
    'RegionDisabledException',
    'MalformedPolicyDocumentException',
    'PackedPolicyTooLargeException',
    'ValidationError',
    'InvalidClientTokenId',
  ])('does not wait where AssumeRole was refused with %s', (name) => {
    expect(isTransient(unassumable(aSession(), name, 400), 0)).toBe(false);
  });

  test('waits where the own credentials had expired, and for a throttled AssumeRole, however old the run is', () => {
    expect(isTransient(unassumable(aSession(), 'ExpiredTokenException', 400), 3_000_000)).toBe(true);
    expect(isTransient(unassumable(aSession(), 'Throttling', 400), 3_000_000)).toBe(true);
  });

  test('waits for a throttled call however old the run is', () => {
    expect(isTransient(awsError('Throttling'), 3_000_000)).toBe(true);
  });
});

describe('ifPresent', () => {
  test('answers what was read', async () => {
    await expect(ifPresent(async () => 7)).resolves.toBe(7);
  });

  test('answers undefined where AWS says that there is nothing', async () => {
    await expect(ifPresent(() => Promise.reject(awsError('ResourceNotFoundException')))).resolves.toBeUndefined();
  });

  test.each([['Throttling'], ['AccessDenied'], ['InternalFailure'], ['ValidationException']])(
    'does not take %s for absence',
    async (name) => {
      await expect(ifPresent(() => Promise.reject(awsError(name)))).rejects.toMatchObject({ name });
    },
  );
});

describe('SettlingError', () => {
  test('keeps a message of 2,048 bytes as it is', () => {
    const message = 'x'.repeat(2048);
    expect(new SettlingError(message).message).toBe(message);
  });

  test('cuts a longer message to 2,048 bytes with an ellipsis', () => {
    const { message } = new SettlingError('x'.repeat(2049));
    expect(message).toBe(`${'x'.repeat(2044)} …`);
    expect(Buffer.byteLength(message)).toBe(2048);
  });

  // The prefix moves the cut through every byte of the character.
  test.each(['', 'a', 'ab', 'abc'].flatMap((prefix) => ['é', '€', '😀'].map((character) => [prefix, character])))(
    'cuts between characters, not within one (%p before %s)',
    (prefix, character) => {
      const { message } = new SettlingError(prefix + character.repeat(2048));
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(2048);
      expect(Buffer.byteLength(message)).toBeGreaterThan(2048 - Buffer.byteLength(character));
      expect(message).not.toContain('\uFFFD');
      const kept = message.slice(prefix.length, -' …'.length);
      expect(kept).toBe(character.repeat(kept.length / character.length));
    },
  );

  test('has no stack trace beside its message, since the framework adds both to the response', () => {
    expect(new SettlingError('no').stack).toBe('no');
  });
});

describe('describeFailure', () => {
  test('says what failed, the name, the message and the request id of AWS', () => {
    expect(describeFailure('CreateThing failed', awsError('ValidationException', 'bad name'))).toBe(
      'CreateThing failed: ValidationException: bad name (AWS request id r-42)',
    );
  });

  test('leaves out a request id that there is not', () => {
    expect(describeFailure('looking failed', new Error('gone'))).toBe('looking failed: Error: gone');
  });

  test.each([
    [
      'a quota',
      awsError('ServiceQuotaExceededException', '?', 402),
      /ask for a higher quota in the Service Quotas console/,
    ],
    ['a missing permission', awsError('AccessDeniedException', '?', 403), /grant this action to the role/],
    ['a denial without a known name', withStatus(403), /grant this action to the role/],
    ['a token of another region', awsError('UnrecognizedClientException'), /the region may not be enabled/],
    ['a host that does not exist', withCode('ENOTFOUND'), /check that the service is offered in this region/],
  ])('names the remedy for %s', (_what, error, remedy) => {
    expect(describeFailure('it failed', error)).toMatch(remedy);
  });

  test('describes what is thrown without being an error', () => {
    expect(describeFailure('it failed', 'boom')).toBe('it failed: Error: boom');
  });

  test('keeps the remedy of a denial although the words of AWS are long', () => {
    const words = 'w'.repeat(3_000);
    const { message } = new SettlingError(describeFailure('it failed', awsError('AccessDenied', words, 403)));
    expect(message).toContain('grant this action to the role that made the call');
    expect(message).not.toContain(words);
    expect(message).not.toMatch(/…$/);
  });
});
