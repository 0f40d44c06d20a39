import { ACCOUNT, REGION, RumHarness } from './harness';

const EXPERIMENT = `arn:aws:evidently:${REGION}:${ACCOUNT}:project/p/experiment/e`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/evidently`;
const AT = { AppMonitorName: 'shop', Destination: 'CloudWatch' };

const pattern = (event: string, more: object = {}) =>
  JSON.stringify({ event_type: [`com.amazon.rum.${event}`], ...more });
const JS_ERRORS = { Name: 'JsErrorCount', EventPattern: pattern('js_error_event') };

let aws: RumHarness;
beforeEach(async () => {
  aws = new RumHarness();
  await aws.create();
});

const putCloudWatch = () => aws.call('PutRumMetricsDestination', AT);
const add = async (...MetricDefinitions: object[]) =>
  aws.call('BatchCreateRumMetricDefinitions', { ...AT, MetricDefinitions });

describe('metrics destinations', () => {
  test('are put, put again, listed and deleted', async () => {
    await putCloudWatch();
    await putCloudWatch();
    const evidently = { AppMonitorName: 'shop', Destination: 'Evidently', DestinationArn: EXPERIMENT };
    await aws.call('PutRumMetricsDestination', { ...evidently, IamRoleArn: ROLE });
    await aws.call('PutRumMetricsDestination', { ...evidently, IamRoleArn: `${ROLE}-2` });
    expect((await aws.call('ListRumMetricsDestinations', { AppMonitorName: 'shop' })).Destinations).toEqual([
      { Destination: 'CloudWatch' },
      { Destination: 'Evidently', DestinationArn: EXPERIMENT, IamRoleArn: `${ROLE}-2` },
    ]);
    await aws.clock.sleep(3000);
    await aws.call('DeleteRumMetricsDestination', evidently);
    await aws.call('DeleteRumMetricsDestination', AT);
    expect((await aws.call('ListRumMetricsDestinations', { AppMonitorName: 'shop' })).Destinations).toEqual([]);
  });

  test.each<[string, object]>([
    ['Evidently without an experiment', { Destination: 'Evidently', IamRoleArn: ROLE }],
    ['Evidently without a role', { Destination: 'Evidently', DestinationArn: EXPERIMENT }],
    ['CloudWatch with an experiment', { Destination: 'CloudWatch', DestinationArn: EXPERIMENT }],
    ['CloudWatch with a role', { Destination: 'CloudWatch', IamRoleArn: ROLE }],
  ])('%s is refused', async (_case, input) => {
    const error = await aws.failure('PutRumMetricsDestination', { AppMonitorName: 'shop', ...input });
    expect(error.code).toBe('ValidationException');
  });

  test('are found only where they were put', async () => {
    expect(await aws.failure('DeleteRumMetricsDestination', AT)).toMatchObject({
      code: 'ResourceNotFoundException',
      members: { resourceName: 'CloudWatch', resourceType: 'MetricsDestination' },
    });
    const missing = { AppMonitorName: 'gone', Destination: 'CloudWatch' };
    for (const operation of ['PutRumMetricsDestination', 'DeleteRumMetricsDestination', 'ListRumMetricsDestinations']) {
      expect((await aws.failure(operation, missing)).code).toBe('ResourceNotFoundException');
    }
  });

  test('cannot be deleted right after a change, nor while they have definitions', async () => {
    await putCloudWatch();
    expect((await aws.failure('DeleteRumMetricsDestination', AT)).code).toBe('ConflictException');
    await aws.clock.sleep(3000);
    const { MetricDefinitions } = await add(JS_ERRORS);
    await aws.clock.sleep(3000);
    expect((await aws.failure('DeleteRumMetricsDestination', AT)).code).toBe('ConflictException');
    const MetricDefinitionIds = [MetricDefinitions[0].MetricDefinitionId];
    await aws.call('BatchDeleteRumMetricDefinitions', { ...AT, MetricDefinitionIds });
    expect((await aws.failure('DeleteRumMetricsDestination', AT)).code).toBe('ConflictException');
    await aws.clock.sleep(3000);
    await aws.call('DeleteRumMetricsDestination', AT);
  });

  test('can be told to go at once and with their definitions', async () => {
    aws = new RumHarness({ destinationBusySeconds: 0, destinationWithDefinitions: 'delete' });
    await aws.create();
    await putCloudWatch();
    await add(JS_ERRORS);
    await aws.call('DeleteRumMetricsDestination', AT);
  });

  test('go with their monitor', async () => {
    await putCloudWatch();
    await add(JS_ERRORS);
    await aws.call('DeleteAppMonitor', { Name: 'shop' });
    await aws.create();
    expect((await aws.call('ListRumMetricsDestinations', { AppMonitorName: 'shop' })).Destinations).toEqual([]);
  });
});

describe('metric definitions', () => {
  beforeEach(putCloudWatch);

  const count = async () => (await aws.call('BatchGetRumMetricDefinitions', AT)).MetricDefinitions.length;

  test('are created, read, changed and deleted', async () => {
    const created = await add({ ...JS_ERRORS, UnitLabel: 'Count' });
    expect(created).toEqual({
      Errors: [],
      MetricDefinitions: [
        { MetricDefinitionId: expect.any(String), ...JS_ERRORS, UnitLabel: 'Count', Namespace: 'AWS/RUM' },
      ],
    });
    const { MetricDefinitionId } = created.MetricDefinitions[0];
    await aws.call('UpdateRumMetricDefinition', { ...AT, MetricDefinitionId, MetricDefinition: JS_ERRORS });
    expect(await aws.call('BatchGetRumMetricDefinitions', AT)).toEqual({
      MetricDefinitions: [{ MetricDefinitionId, ...JS_ERRORS, Namespace: 'AWS/RUM' }],
    });
    const deletion = { ...AT, MetricDefinitionIds: [MetricDefinitionId, 'unknown'] };
    expect(await aws.call('BatchDeleteRumMetricDefinitions', deletion)).toEqual({
      Errors: [
        { MetricDefinitionId: 'unknown', ErrorCode: 'ResourceNotFoundException', ErrorMessage: expect.any(String) },
      ],
      MetricDefinitionIds: [MetricDefinitionId],
    });
    expect(await count()).toBe(0);
  });

  test('that are wrong come back as errors, and the right ones are created', async () => {
    const wrong = { Name: 'JsErrorCount' };
    const { Errors, MetricDefinitions } = await add(wrong, JS_ERRORS);
    expect(Errors).toEqual([
      {
        MetricDefinition: wrong,
        ErrorCode: 'ValidationException',
        ErrorMessage: expect.stringContaining('EventPattern'),
      },
    ]);
    expect(MetricDefinitions).toHaveLength(1);
  });

  test('come in batches of at most 200, and 2,000 in a destination', async () => {
    const batch = (length: number) => ({ ...AT, MetricDefinitions: Array(length).fill(JS_ERRORS) });
    expect((await aws.failure('BatchCreateRumMetricDefinitions', batch(201))).code).toBe('ValidationException');
    for (let i = 0; i < 10; i++) await aws.call('BatchCreateRumMetricDefinitions', batch(200));
    expect((await aws.failure('BatchCreateRumMetricDefinitions', batch(1))).code).toBe('ServiceQuotaExceededException');
    const MetricDefinitionIds = Array(201).fill('x');
    const error = await aws.failure('BatchDeleteRumMetricDefinitions', { ...AT, MetricDefinitionIds });
    expect(error.code).toBe('ValidationException');
  });

  test('come in pages', async () => {
    await add(...Array(60).fill(JS_ERRORS));
    const first = await aws.call('BatchGetRumMetricDefinitions', AT);
    const second = await aws.call('BatchGetRumMetricDefinitions', { ...AT, NextToken: first.NextToken });
    const ids = [...first.MetricDefinitions, ...second.MetricDefinitions].map((found) => found.MetricDefinitionId);
    expect([first.MetricDefinitions.length, new Set(ids).size]).toEqual([50, 60]);
  });

  test('may be equal, unless it is configured that they may not', async () => {
    await add(JS_ERRORS, JS_ERRORS);
    expect(await count()).toBe(2);
    aws = new RumHarness({ duplicateDefinitions: 'conflict' });
    await aws.create();
    await putCloudWatch();
    const { Errors } = await add(JS_ERRORS, { ...JS_ERRORS, Namespace: 'AWS/RUM' });
    expect(Errors).toMatchObject([{ ErrorCode: 'ConflictException' }]);
  });

  test('need a destination, and a definition to be changed', async () => {
    const elsewhere = { AppMonitorName: 'shop', Destination: 'Evidently', DestinationArn: EXPERIMENT };
    const inputs = {
      BatchCreateRumMetricDefinitions: { MetricDefinitions: [JS_ERRORS] },
      BatchGetRumMetricDefinitions: {},
      BatchDeleteRumMetricDefinitions: { MetricDefinitionIds: ['x'] },
      UpdateRumMetricDefinition: { MetricDefinitionId: 'x', MetricDefinition: JS_ERRORS },
    };
    for (const [operation, input] of Object.entries(inputs)) {
      expect((await aws.failure(operation, { ...elsewhere, ...input })).code).toBe('ResourceNotFoundException');
    }
    const update = { ...AT, ...inputs.UpdateRumMetricDefinition };
    expect(await aws.failure('UpdateRumMetricDefinition', update)).toMatchObject({
      members: { resourceType: 'MetricDefinition' },
    });
  });

  test('cannot be changed to a wrong one', async () => {
    const { MetricDefinitions } = await add(JS_ERRORS);
    const { MetricDefinitionId } = MetricDefinitions[0];
    const MetricDefinition = { Name: 'Nothing' };
    const error = await aws.failure('UpdateRumMetricDefinition', { ...AT, MetricDefinitionId, MetricDefinition });
    expect(error.code).toBe('ValidationException');
  });
});

describe('a definition', () => {
  beforeEach(putCloudWatch);

  const browser = { metadata: { browserName: ['Chrome'] } };
  const navigation = (...numeric: unknown[]) =>
    pattern('performance_navigation_event', { event_details: { duration: [{ numeric }] } });
  const http = (...numeric: unknown[]) =>
    pattern('http_event', { event_details: { response: { status: [{ numeric }] } } });
  const custom = (more: object) => ({ Name: 'Visits', Namespace: 'Shop', ...more });

  test.each<[string, object]>([
    [
      'a duration',
      {
        Name: 'PerformanceNavigationDuration',
        ValueKey: 'event_details.duration',
        EventPattern: pattern('performance_navigation_event'),
      },
    ],
    ['satisfied visits', { Name: 'NavigationSatisfiedTransaction', EventPattern: navigation('>', 2000) }],
    ['tolerated visits', { Name: 'NavigationToleratedTransaction', EventPattern: navigation('>=', 2000, '<', 8000) }],
    ['server errors', { Name: 'Http5xxCount', EventPattern: http('>=', 500, '<=', 599) }],
    ['errors with details', { Name: 'HttpErrorCount', EventPattern: http('>=', 400) }],
    [
      'errors by browser',
      {
        ...JS_ERRORS,
        DimensionKeys: { 'metadata.browserName': 'BrowserName' },
        EventPattern: pattern('js_error_event', browser),
      },
    ],
    ['the namespace of extended metrics', { ...JS_ERRORS, Namespace: 'AWS/RUM' }],
    ['a custom metric without a pattern', custom({ ValueKey: 'event_details.amount' })],
    [
      'a custom metric with a dimension',
      custom({
        EventPattern: '{"event_type":["visit"],"event_details":{"url":["/a"]}}',
        DimensionKeys: { 'event_details.url': 'URL' },
      }),
    ],
    [
      'a custom metric that compares',
      custom({ EventPattern: '{"event_type":["visit"],"event_details":{"n":[{"numeric":[">",1,"<",5]}]}}' }),
    ],
  ])('may be %s', async (_case, definition) => {
    expect((await add(definition)).Errors).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['an unknown extended metric', { Name: 'Visits', EventPattern: '{}' }, 'not that of an extended metric'],
    ['an extended metric without a pattern', { Name: 'SessionCount' }, 'EventPattern is required'],
    ['a pattern that is no JSON', { Name: 'SessionCount', EventPattern: '{' }, 'not a JSON object'],
    ['a pattern that is a list', { Name: 'SessionCount', EventPattern: '[]' }, 'not a JSON object'],
    ['another event type', { Name: 'SessionCount', EventPattern: pattern('http_event') }, 'must include event_type'],
    ['a value key too many', { ...JS_ERRORS, ValueKey: 'event_details.x' }, 'ValueKey'],
    [
      'a missing value key',
      { Name: 'WebVitalsFirstInputDelay', EventPattern: pattern('first_input_delay_event') },
      'ValueKey',
    ],
    [
      'missing limits',
      { Name: 'NavigationFrustratedTransaction', EventPattern: pattern('performance_navigation_event') },
      'event_details',
    ],
    ['HTTP errors without details', { Name: 'HttpErrorCount', EventPattern: pattern('http_event') }, 'event_details'],
    [
      'a foreign dimension',
      { ...JS_ERRORS, DimensionKeys: { 'metadata.city': 'City' } },
      'not one of an extended metric',
    ],
    [
      'a dimension that the pattern lacks',
      { ...JS_ERRORS, DimensionKeys: { 'metadata.browserName': 'BrowserName' } },
      'must appear in EventPattern',
    ],
    ['a namespace of AWS', { Name: 'Visits', Namespace: 'AWS/EC2' }, 'must not begin with AWS/'],
    ['an unknown field', custom({ ValueKey: 'price' }), 'not a field of a RUM event'],
    ['an unknown field in the pattern', custom({ EventPattern: '{"price":["1"]}' }), 'not a field of a RUM event'],
    ['details without a type', custom({ EventPattern: '{"event_details":{"a":["b"]}}' }), 'needs an event_type'],
    ['a choice of values', custom({ EventPattern: '{"event_type":["a","b"]}' }), 'exactly one value'],
    [
      'a custom dimension that the pattern lacks',
      custom({ DimensionKeys: { 'event_details.url': 'URL' } }),
      'must appear',
    ],
  ])('may not be %s', async (_case, definition, message) => {
    const { Errors } = await add(definition);
    expect(Errors).toMatchObject([
      { ErrorCode: 'ValidationException', ErrorMessage: expect.stringContaining(message) },
    ]);
  });
});

test('a monitor that is being deleted takes no metrics', async () => {
  aws = new RumHarness({ deletingSeconds: 60 });
  await aws.create();
  await putCloudWatch();
  await aws.call('DeleteAppMonitor', { Name: 'shop' });
  const batch = { ...AT, MetricDefinitions: [JS_ERRORS] };
  expect((await aws.failure('BatchCreateRumMetricDefinitions', batch)).code).toBe('ConflictException');
  expect((await aws.failure('PutRumMetricsDestination', AT)).code).toBe('ConflictException');
});
