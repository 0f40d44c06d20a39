import { decodePollRequest } from '../../src/performanceinsights/poll-request.runtime';
import { aRequest, QUESTIONS, SOURCE, START, waitEvent } from '../support/polling-world';

const decode = (changes: object) => decodePollRequest(aRequest(START, changes), 'eu-central-1');

test('a request as constructs render it is understood', () => {
  const request = decode({ assumeRole: { RoleArn: 'arn:aws:iam::222222222222:role/reader', SessionName: 'poller' } });
  expect(request).toMatchObject({ scheduledTime: START, catchUpMinutes: 60, source: SOURCE });
  expect(request.questions).toHaveLength(QUESTIONS.length);
  expect(request.questions[1]?.slice).toEqual({
    group: 'db.wait_event',
    dimension: 'db.wait_event.name',
    value: 'CPU',
  });
  expect(request.questions[3]?.slice?.value).toBeUndefined();
  expect(request.assumeRole).toMatchObject({ accountId: '222222222222', region: 'eu-central-1' });
});

test('a scheduled time within a minute means that minute', () => {
  expect(decode({ scheduledTime: '2030-01-01T00:00:42Z' }).scheduledTime).toBe(START);
});

test.each<[string, object, string]>([
  ['no time', { scheduledTime: undefined }, 'property scheduledTime is required'],
  [
    'a time that Scheduler has not filled in',
    { scheduledTime: '<aws.scheduler.scheduled-time>' },
    'property scheduledTime must be a time such as 2030-01-01T00:05:00Z, got "<aws.scheduler.scheduled-time>"',
  ],
  ['no source', { source: undefined }, 'property source must be an object'],
  [
    'another service',
    { source: { ...SOURCE, serviceType: 'EC2' } },
    'source.serviceType must be RDS or DOCDB, got "EC2"',
  ],
  [
    'no instance',
    { source: { ...SOURCE, resourceId: undefined } },
    'must have writerOf, resourceId or instanceIdentifier',
  ],
  [
    'a dimension that is none',
    { source: { ...SOURCE, dimensions: { a: 1 } } },
    'source.dimensions.a must be a string, got 1',
  ],
  ['too much to catch up', { catchUpMinutes: 1441 }, 'must be an integer between 0 and 1440, got 1441'],
  ['no list of questions', { questions: {} }, 'property questions must be a list, got {}'],
  ['a question that is none', { questions: [7] }, 'property questions[0] must be an object, got 7'],
  ['a question without a metric', { questions: [{ metricName: 'A' }] }, 'property questions[0].metric is required'],
  [
    'a group without a key',
    { questions: [{ ...waitEvent('CPU'), value: undefined }] },
    'questions[0].value must be the key',
  ],
  ['a share of a key', { questions: [{ ...waitEvent('CPU'), share: true }] }, 'questions[0].value must be left out'],
  [
    'a key without a group',
    { questions: [{ ...waitEvent('CPU'), group: undefined }] },
    'questions[0].group is required',
  ],
  [
    'a group without a dimension',
    { questions: [{ ...waitEvent('CPU'), dimension: undefined }] },
    'property questions[0].dimension is required',
  ],
])('%s is refused with the name of the property', (_what, changes, message) => {
  expect(() => decode(changes)).toThrow(message);
});
