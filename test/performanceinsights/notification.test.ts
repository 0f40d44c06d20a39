import type { CloudWatchAlarmEvent } from 'aws-lambda';
import { notify } from '../../src/performanceinsights/notification.runtime';
import { decodeNotification } from '../../src/performanceinsights/notification-configuration.runtime';
import { subjectOf } from '../../src/performanceinsights/notification-message.runtime';
import { windowOf } from '../../src/performanceinsights/notification-window.runtime';
import { captureOutput } from '../support/captured-output';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { awsError, REGION } from '../support/runs';

const written = captureOutput();
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:database';
const CONFIGURATION = {
  source: { serviceType: 'RDS', resourceId: 'db-1', instanceIdentifier: 'orders' },
  topicArn: TOPIC,
};
const REASON_DATA = {
  version: '1.0',
  queryDate: '2030-01-01T00:12:10.985+0000',
  startDate: '2030-01-01T00:05:00.000+0000',
  period: 60,
  evaluatedDatapoints: [
    { timestamp: '2030-01-01T00:09:00.000+0000', sampleCount: 1, value: 9 },
    { timestamp: '2030-01-01T00:07:00.000+0000', sampleCount: 1, value: 8 },
  ],
};

function anEvent(value = 'ALARM', reasonData: unknown = REASON_DATA): CloudWatchAlarmEvent {
  const state = { value, reason: 'Threshold Crossed', timestamp: '2030-01-01T00:12:11.000+0000' };
  return {
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:locks',
    accountId: '111122223333',
    time: '2030-01-01T00:12:11.000+0000',
    region: REGION,
    alarmData: {
      alarmName: 'locks',
      state: { ...state, reasonData: JSON.stringify(reasonData) },
      previousState: { ...state, value: 'OK' },
      configuration: { metrics: [], description: 'Look at the locks.' },
    },
  };
}

const KEYS: Record<string, Array<{ Dimensions: Record<string, string>; Total: number }>> = {
  'db.sql_tokenized': [
    { Dimensions: { 'db.sql_tokenized.id': 'A1', 'db.sql_tokenized.statement': 'select *\n from t' }, Total: 2.345 },
  ],
  'db.wait_event': [{ Dimensions: { 'db.wait_event.name': 'Lock', 'db.wait_event.type': 'LWLock' }, Total: 1 }],
  'db.sql': [{ Dimensions: { 'db.sql.id': 'S1', 'db.sql.statement': 'select * from t where' }, Total: 2 }],
};

async function told(operations: Record<string, FakeOperation> = {}, event = anEvent(), changes: object = {}) {
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of two services
  const inputs: Record<string, any[]> = {};
  const keep =
    (name: string, operation: FakeOperation): FakeOperation =>
    (input, region) => {
      inputs[name] = [...(inputs[name] ?? []), input];
      return operation(input, region);
    };
  const all: Record<string, FakeOperation> = {
    DescribeDimensionKeys: ({ GroupBy }) => ({ Keys: KEYS[GroupBy.Group] }),
    GetDimensionKeyDetails: () => ({
      Dimensions: [{ Dimension: 'db.sql.statement', Value: 'select * from t where a = 1', Status: 'AVAILABLE' }],
    }),
    Publish: () => ({}),
    ...operations,
  };
  const aws = new FakeAws(Object.fromEntries(Object.entries(all).map(([name, op]) => [name, keep(name, op)])));
  const configuration = decodeNotification(JSON.stringify({ ...CONFIGURATION, ...changes }), REGION);
  await notify(event, configuration, REGION, { own: aws.clients, reading: aws.clients });
  return { inputs, message: inputs.Publish?.[0]?.Message as string | undefined };
}

describe('a notification', () => {
  test('tells the top keys of the alarm window and the whole text of the top statements', async () => {
    const { inputs, message } = await told();
    expect(inputs.Publish).toMatchObject([{ TopicArn: TOPIC, Subject: 'ALARM: "locks"' }]);
    expect(message).toBe(
      [
        'Alarm "locks" in eu-central-1 is in ALARM since 2030-01-01T00:12:11.000+0000.',
        'Threshold Crossed',
        'Look at the locks.',
        '',
        'What loaded instance orders from 2030-01-01T00:05Z to 2030-01-01T00:10Z, in average active sessions:',
        '',
        'By db.sql_tokenized',
        '1. 2.35  select * from t  [db.sql_tokenized.id A1]',
        '',
        'By db.wait_event',
        '1. 1.00  Lock, LWLock',
        '',
        'By db.sql.statement',
        '1. 2.00  select * from t where a = 1  [db.sql.id S1]',
        '',
        'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:locks',
      ].join('\n'),
    );
    expect(inputs.DescribeDimensionKeys?.[0]).toMatchObject({
      Identifier: 'db-1',
      StartTime: new Date('2030-01-01T00:05:00Z'),
      EndTime: new Date('2030-01-01T00:10:00Z'),
      Metric: 'db.load.avg',
      GroupBy: { Group: 'db.sql_tokenized', Limit: 10 },
    });
  });

  test('says nothing of statements in the log', async () => {
    await told();
    expect(written()).toContain('told');
    expect(written()).not.toContain('select');
  });

  test.each(['OK', 'INSUFFICIENT_DATA'])('is not sent for state %s', async (state) => {
    expect((await told({}, anEvent(state))).inputs).toEqual({});
  });

  test('is sent though Performance Insights refuses', async () => {
    const DescribeDimensionKeys = () => {
      throw awsError('NotAuthorizedException');
    };
    const { message } = await told({ DescribeDimensionKeys });
    expect(message).toContain('By db.wait_event\nPerformance Insights was asked for the top keys: NotAuthorized');
  });

  test('is sent though the instance is gone', async () => {
    const changes = { source: { serviceType: 'RDS', instanceIdentifier: 'orders' } };
    const { message } = await told({ DescribeDBInstances: () => ({ DBInstances: [] }) }, anEvent(), changes);
    expect(message).toContain('instance orders does not exist');
  });

  test('has the beginning of a statement whose text cannot be had', async () => {
    const GetDimensionKeyDetails = () => ({ Dimensions: [{ Dimension: 'db.sql.statement', Status: 'UNAVAILABLE' }] });
    expect((await told({ GetDimensionKeyDetails })).message).toContain('1. 2.00  select * from t where  [');
  });

  test('fits into what SNS takes', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => ({
      Dimensions: { 'db.user.id': `${index}`, 'db.user.name': 'ü'.repeat(20_000) },
      Total: 1,
    }));
    const DescribeDimensionKeys = () => ({ Keys: keys });
    const { message } = await told({ DescribeDimensionKeys }, anEvent(), { groups: ['db.user'], limit: 25 });
    expect(Buffer.byteLength(message ?? '')).toBeLessThanOrEqual(262_144);
  });

  test('that SNS refuses fails, to be tried again', async () => {
    const Publish = () => {
      throw awsError('ThrottledException');
    };
    await expect(told({ Publish })).rejects.toThrow('as told by AWS');
  });

  test('asks a document database for its queries', async () => {
    const changes = { source: { ...CONFIGURATION.source, serviceType: 'DOCDB' } };
    const { inputs } = await told({}, anEvent(), changes);
    const groups = inputs.DescribeDimensionKeys?.map(({ GroupBy }) => GroupBy.Group);
    expect(groups).toEqual(['db.query_tokenized', 'db.wait_state', 'db.query']);
  });
});

describe('the window', () => {
  const state = (reasonData?: string) => ({ ...anEvent().alarmData.state, reasonData });
  const textOf = (reasonData?: string) => {
    const { from, to } = windowOf(state(reasonData), 5);
    return [from, to].map((time) => new Date(time).toISOString().slice(11, 16));
  };

  test.each<[string, string | undefined, string[]]>([
    ['the evaluated data points', JSON.stringify(REASON_DATA), ['00:05', '00:10']],
    [
      'the query, where no point is told',
      JSON.stringify({ ...REASON_DATA, evaluatedDatapoints: [] }),
      ['00:05', '00:13'],
    ],
    ['the minutes before, of a composite alarm', JSON.stringify({ triggeringAlarms: [] }), ['00:07', '00:13']],
    ['the minutes before, where nothing is told', undefined, ['00:07', '00:13']],
    ['the minutes before, where nothing can be read', 'none', ['00:07', '00:13']],
  ])('%s', (_what, reasonData, expected) => {
    expect(textOf(reasonData)).toEqual(expected);
  });
});

test.each([
  ['locks', 'ALARM: "locks"'],
  ['größer\nals', 'ALARM: "gr??er?als"'],
  ['x'.repeat(200), `ALARM: "${'x'.repeat(88)}..."`],
])('a subject is ASCII, in one line, of at most 100 characters: %s', (name, expected) => {
  expect(subjectOf(name)).toBe(expected);
  expect(subjectOf(name).length).toBeLessThanOrEqual(100);
});

test('a configuration that is none is named', () => {
  expect(() => decodeNotification(undefined, REGION)).toThrow('environment variable SETTLED_NOTIFICATION must be');
  expect(() => decodeNotification('{}', REGION)).toThrow('property source must be an object');
});
