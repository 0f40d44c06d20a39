import { CloudWatchClient, type MetricDatum, PutMetricDataCommand, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { UNITS } from '../../../../sandbox/services/cloudwatch/units';
import { CloudWatchBed, errorOf, MINUTE, minute, NAMESPACE, START } from './harness';

afterEach(() => CloudWatchBed.stopAll());

test('points of a minute add up', async () => {
  const bed = await CloudWatchBed.start();
  const MetricName = 'Load';
  await bed.send({ MetricName, Value: 2, Timestamp: minute(0) }, { MetricName, Value: 4, Timestamp: minute(0) });
  await bed.send({ MetricName, Values: [1, 8], Counts: [3, 1], Timestamp: minute(1) });
  const StatisticValues = { SampleCount: 2, Sum: 5, Minimum: 1, Maximum: 4 };
  await bed.send({ MetricName, StatisticValues, Timestamp: new Date(START + 2 * MINUTE + 30_000) });
  const of = (sampleCount: number, sum: number, minimum: number, maximum: number) =>
    expect.objectContaining({ sampleCount, sum, minimum, maximum });
  expect(bed.samples('Load')).toEqual([of(2, 6, 2, 4), of(4, 11, 1, 8), of(2, 5, 1, 4)]);
  expect(bed.samples('Load').map(({ timestamp }) => timestamp - START)).toEqual([0, MINUTE, 2 * MINUTE]);
});

test('metrics differ by their dimensions, in whatever order these stand', async () => {
  const bed = await CloudWatchBed.start();
  const [a, b] = [
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ];
  await bed.send(
    { MetricName: 'Load', Value: 1, Dimensions: [a, b] },
    { MetricName: 'Load', Value: 2, Dimensions: [b, a] },
  );
  await bed.send({ MetricName: 'Load', Value: 4, Dimensions: [a] });
  expect(bed.samples('Load', { b: '2', a: '1' })).toMatchObject([{ sum: 3, sampleCount: 2 }]);
  expect(bed.samples('Load', { a: '1' })).toMatchObject([{ sum: 4 }]);
  expect(bed.samples('Load')).toEqual([]);
});

test('a request that the client compresses arrives whole', async () => {
  const bed = await CloudWatchBed.start();
  const data = Array.from({ length: 1000 }, (_, index) => ({ MetricName: `metric-number-${index}`, Value: index }));
  await bed.send(...data);
  expect(bed.samples('metric-number-999')).toMatchObject([{ sum: 999 }]);
});

const long = (length: number) => 'x'.repeat(length);
const dimensions = (count: number) => Array.from({ length: count }, (_, index) => ({ Name: `d${index}`, Value: 'v' }));
const wrong = 'InvalidParameterValueException';

test.each<[string, Partial<MetricDatum>, string, string]>([
  ['NaN', { Value: Number.NaN }, wrong, 'The value NaN for parameter MetricData.member.2.Value is invalid.'],
  ['infinity', { Value: Number.NEGATIVE_INFINITY }, wrong, 'MetricData.member.2.Value is invalid'],
  ['a value beyond 2^360', { Value: -(2 ** 361) }, wrong, 'MetricData.member.2.Value is invalid'],
  ['NaN among values', { Values: [1, Number.NaN] }, wrong, 'MetricData.member.2.Values.member.2 is invalid'],
  ['151 values', { Values: Array.from({ length: 151 }, (_, i) => i) }, wrong, 'size greater than 150'],
  ['counts of another size', { Values: [1, 2], Counts: [1] }, wrong, 'same size'],
  ['a count of zero', { Values: [1], Counts: [0] }, wrong, 'Counts.member.1 is invalid'],
  ['31 dimensions', { Value: 1, Dimensions: dimensions(31) }, wrong, 'size greater than 30'],
  ['a dimension twice', { Value: 1, Dimensions: [...dimensions(1), ...dimensions(1)] }, wrong, 'd0 twice'],
  [
    'a dimension that is not ASCII',
    { Value: 1, Dimensions: [{ Name: 'd', Value: 'ü' }] },
    wrong,
    'Dimensions.member.1.Value',
  ],
  ['a dimension of blanks', { Value: 1, Dimensions: [{ Name: 'd', Value: ' ' }] }, wrong, 'Dimensions.member.1.Value'],
  [
    'a long dimension',
    { Value: 1, Dimensions: [{ Name: 'd', Value: long(1025) }] },
    wrong,
    'Dimensions.member.1.Value',
  ],
  [
    'a dimension with a colon',
    { Value: 1, Dimensions: [{ Name: ':d', Value: 'v' }] },
    wrong,
    'Dimensions.member.1.Name',
  ],
  ['a long name', { Value: 1, MetricName: long(256) }, wrong, 'MetricName is invalid'],
  [
    'more than two weeks ago',
    { Value: 1, Timestamp: new Date(START - 15 * 24 * 60 * MINUTE) },
    wrong,
    'past two weeks',
  ],
  [
    'more than two hours ahead',
    { Value: 1, Timestamp: new Date(START + 121 * MINUTE) },
    wrong,
    'two hours in the future',
  ],
  ['another resolution', { Value: 1, StorageResolution: 10 }, wrong, 'StorageResolution is invalid'],
  ['no value', {}, 'MissingRequiredParameterException', 'is required'],
  [
    'two kinds of values',
    { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
    'InvalidParameterCombinationException',
    'MetricData.member.2.Value and MetricData.member.2.StatisticValues are mutually exclusive',
  ],
])('%s refuses the whole request', async (_, datum, name, message) => {
  const bed = await CloudWatchBed.start();
  const error = await errorOf(bed.send({ MetricName: 'Good', Value: 1 }, { MetricName: 'Bad', ...datum }));
  expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
  // The code of the query protocol, which some callers know.
  expect(error.Error.Code).toBe(name.replace(/Exception$/, '').replace('MissingRequired', 'Missing'));
  expect(bed.samples('Good')).toEqual([]);
});

test.each([
  ['AWS/RDS', 1],
  [':colon', 1],
  ['ümlaut', 1],
  ['App', 1001],
])('namespace %s with %d data is refused', async (Namespace, count) => {
  const bed = await CloudWatchBed.start();
  const MetricData = Array.from({ length: count }, () => ({ MetricName: 'm', Value: 1 }));
  const error = await errorOf(bed.admin().send(new PutMetricDataCommand({ Namespace, MetricData })));
  expect(error.name).toBe(wrong);
});

test('a request of more than a megabyte is too large', async () => {
  const bed = await CloudWatchBed.start();
  const Dimensions = Array.from({ length: 30 }, (_, index) => ({ Name: `d${index}`, Value: long(1000) }));
  const data = Array.from({ length: 40 }, () => ({ MetricName: 'm', Value: 1, Dimensions }));
  expect((await errorOf(bed.send(...data))).$metadata.httpStatusCode).toBe(413);
});

test('a role publishes to the namespace that its policy names, and to no other', async () => {
  const bed = await CloudWatchBed.start();
  const Condition = { StringEquals: { 'cloudwatch:namespace': NAMESPACE } };
  const statement = { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition };
  const client = new CloudWatchClient(bed.client(bed.role('Publisher', [statement]).credentials));
  const put = (Namespace: string) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] }));
  await put(NAMESPACE);
  expect((await errorOf(put('Other'))).name).toBe('AccessDeniedException');
});

test('the units are those of the SDK', () => {
  expect([...UNITS].sort()).toEqual(Object.values(StandardUnit).sort());
});

test('a minute with one value takes about nine bytes', async () => {
  const bed = await CloudWatchBed.start();
  const state = bed.world.state(bed.service, '111111111111', 'eu-central-1');
  const before = process.memoryUsage().arrayBuffers;
  const [metrics, minutes] = [1600, 180];
  for (let number = 0; number < minutes; number++) {
    const points = Array.from({ length: metrics }, (_, index) => ({
      metric: { namespace: NAMESPACE, metricName: `m${index}`, dimensions: {} },
      unit: 'None',
      timestamp: START + number * MINUTE,
      sample: { sampleCount: 1, sum: number, minimum: number, maximum: number },
    }));
    state.metrics.put(points, START);
    state.metrics.list(START);
  }
  expect(bed.samples(`m${metrics - 1}`)).toHaveLength(minutes);
  expect((process.memoryUsage().arrayBuffers - before) / (metrics * minutes)).toBeLessThan(15);
});
