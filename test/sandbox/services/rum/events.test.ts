import { RumHarness } from './harness';

const ID = '11111111-2222-4333-a444-555555555555';

let aws: RumHarness;
beforeEach(() => {
  aws = new RumHarness();
});

const batch = (Id: string, ...types: string[]) => ({
  Id,
  BatchId: ID,
  AppMonitorDetails: {},
  UserDetails: {},
  RumEvents: types.map((type, index) => ({
    id: ID,
    timestamp: aws.clock.now() / 1000 - index,
    type,
    details: '{"duration":1}',
    metadata: `{"browserName":"${index % 2 === 0 ? 'Chrome' : 'Safari'}"}`,
  })),
});

const put = (Id: string, ...types: string[]) => aws.call('PutRumEvents', batch(Id, ...types));
const read = (more: object = {}) => aws.call('GetAppMonitorData', { Name: 'shop', TimeRange: { After: 0 }, ...more });

test('the first event of a monitor that copies to logs makes the log group, which outlives the monitor', async () => {
  const { Id } = await aws.create('shop', { CwLogEnabled: true });
  const group = `log group /aws/vendedlogs/RUMService_shop${Id.slice(0, 8)}`;
  await put(Id, 'view');
  expect(aws.inventory()).toEqual(['rum app monitor shop', group]);
  await aws.call('DeleteAppMonitor', { Name: 'shop' });
  expect(aws.inventory()).toEqual([group]);
});

test('without a copy to logs there is no log group', async () => {
  const { Id } = await aws.create();
  await put(Id, 'view');
  expect(aws.inventory()).toEqual(['rum app monitor shop']);
});

test('events can be read back by time and attribute, in pages', async () => {
  const { Id } = await aws.create();
  await put(Id, 'view', 'error', 'view');
  const types = async (more: object) =>
    (await read(more)).Events.map((event: string) => JSON.parse(event).event_type).join();
  expect(await types({})).toBe('view,error,view');
  expect(await types({ TimeRange: { After: aws.clock.now() - 500 } })).toBe('view');
  expect(await types({ TimeRange: { After: 0, Before: aws.clock.now() - 1500 } })).toBe('view');
  expect(await types({ Filters: [{ Name: 'Browser', Values: ['Safari'] }] })).toBe('error');
  expect(await types({ Filters: [{ Name: 'EventType', Values: ['view'] }] })).toBe('view,view');
  const { Events, NextToken } = await read({ MaxResults: 2 });
  expect(Events).toHaveLength(2);
  expect(await types({ NextToken })).toBe('view');
});

test('events of an unknown or deleted monitor are refused, and so is reading them', async () => {
  expect((await aws.failure('PutRumEvents', batch(ID, 'view'))).code).toBe('ResourceNotFoundException');
  const query = { Name: 'shop', TimeRange: { After: 0 } };
  expect((await aws.failure('GetAppMonitorData', query)).code).toBe('ResourceNotFoundException');
  aws = new RumHarness({ deletingSeconds: 60 });
  const { Id } = await aws.create();
  await aws.call('DeleteAppMonitor', { Name: 'shop' });
  expect((await aws.failure('PutRumEvents', batch(Id, 'view'))).code).toBe('ResourceNotFoundException');
});

test('details that are no JSON and filters that are not known are refused', async () => {
  const { Id } = await aws.create();
  const input = batch(Id, 'view');
  const RumEvents = input.RumEvents.map((event) => ({ ...event, details: 'x' }));
  expect((await aws.failure('PutRumEvents', { ...input, RumEvents })).code).toBe('ValidationException');
  const query = { Name: 'shop', TimeRange: { After: 0 }, Filters: [{ Name: 'Invert', Values: ['Chrome'] }] };
  expect((await aws.failure('GetAppMonitorData', query)).code).toBe('ValidationException');
});

test('more than 50 calls in a second are throttled, with the time to wait', async () => {
  const { Id } = await aws.create();
  for (let i = 0; i < 50; i++) await put(Id, 'view');
  expect(await aws.failure('PutRumEvents', batch(Id, 'view'))).toMatchObject({
    code: 'ThrottlingException',
    statusCode: 429,
    headers: { 'Retry-After': '1' },
  });
  await aws.clock.sleep(1000);
  await put(Id, 'view');
});
