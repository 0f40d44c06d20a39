import { type Answer, custom, Lab, lines, plain, TOKEN } from './lab';

test('the event is the one that CloudFormation sends, with strings for scalars', async () => {
  const it = new Lab();
  const properties = { yes: true, tenth: 0.1, list: [1, 'two', false], map: { deep: { n: 3 } }, none: null, empty: [] };
  const { stackId } = await it.deploy({ A: custom({ ...properties, ServiceTimeout: 60 }) });
  expect(it.events).toEqual([
    {
      RequestType: 'Create',
      ServiceToken: TOKEN,
      ResponseURL: 'https://localhost/0',
      StackId: stackId,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      LogicalResourceId: 'A',
      ResourceType: 'Custom::Thing',
      ResourceProperties: {
        ServiceToken: TOKEN,
        ServiceTimeout: '60',
        yes: 'true',
        tenth: '0.1',
        list: ['1', 'two', 'false'],
        map: { deep: { n: '3' } },
        empty: [],
      },
    },
  ]);
  await it.deploy({ A: custom({ v: 2 }) });
  expect(it.events[1]).toMatchObject({
    RequestType: 'Update',
    PhysicalResourceId: 'a-1',
    ResourceProperties: { ServiceToken: TOKEN, v: '2' },
    OldResourceProperties: { yes: 'true', tenth: '0.1' },
  });
  await it.delete();
  expect(it.events[2]).toMatchObject({
    RequestType: 'Delete',
    PhysicalResourceId: 'a-1',
    ResourceProperties: { ServiceToken: TOKEN, v: '2' },
  });
  expect(it.events[2]).not.toHaveProperty('OldResourceProperties');
});

test('Ref gives the physical id, and GetAtt what the answer had, flat or nested', async () => {
  const it = new Lab();
  it.handler = () => ({ id: 'the-id', data: { Flat: 'f', Deep: { Inner: 'i' }, 'With.Dot': 'd', Number: 4 } });
  const names = ['Flat', 'Deep.Inner', 'With.Dot', 'Number'];
  const outputs = Object.fromEntries(names.map((name, i) => [`O${i}`, { Value: { 'Fn::GetAtt': ['A', name] } }]));
  const template = { Outputs: { ...outputs, Ref: { Value: { Ref: 'A' } } } };
  const result = await it.deploy({ A: custom() }, { template });
  expect(result.outputs).toEqual({ O0: 'f', O1: 'i', O2: 'd', O3: '4', Ref: 'the-id' });
});

test('an attribute that the answer did not have fails who asks for it', async () => {
  const it = new Lab();
  const result = await it.deploy({ A: custom(), B: plain({ Value: { 'Fn::GetAtt': ['A', 'Nope'] } }) });
  const failure = result.events.find((event) => event.status === 'CREATE_FAILED')!;
  const object = `${result.stackId}|A|${it.events[0]!.RequestId}`;
  expect([failure.logicalId, failure.reason]).toEqual([
    'B',
    `CustomResource attribute error: Vendor response doesn't contain Nope attribute in object ${object}`,
  ]);
});

const MADE_UP = expect.stringMatching(/^Delete A app-A-[A-Z0-9]{13}$/);

test.each<[string, Answer, RegExp, unknown]>([
  [
    'FAILED',
    { failed: 'no room', id: 'half' },
    /^Received response status \[FAILED\] from custom resource. Message returned: no room \(RequestId: /,
    'Delete A half',
  ],
  ['nothing', undefined, /^CloudFormation did not receive a response from your Custom Resource/, MADE_UP],
  ['more than 4,096 bytes', { data: { long: 'x'.repeat(4096) } }, /^Response object is too long\.$/, MADE_UP],
  ['no JSON', { body: 'oops' }, /^Invalid response/, MADE_UP],
  ['another StackId', { change: { StackId: 'other' } }, /^Invalid StackId/, MADE_UP],
  ['another RequestId', { change: { RequestId: 'other' } }, /^Invalid RequestId/, MADE_UP],
  ['another LogicalResourceId', { change: { LogicalResourceId: 'other' } }, /^Invalid LogicalResourceId/, MADE_UP],
  ['no physical id', { change: { PhysicalResourceId: undefined } }, /^Invalid PhysicalResourceId/, MADE_UP],
  ['an unheard status', { change: { Status: 'DONE' } }, /^Invalid response status "DONE"/, MADE_UP],
])('a create that answers %s fails and is followed by its deletion', async (_what, answer, reason, deletion) => {
  const it = new Lab();
  it.handler = ({ RequestType }) => (RequestType === 'Create' ? answer : {});
  const result = await it.deploy({ A: custom() });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(result.events.find((event) => event.status === 'CREATE_FAILED')?.reason).toMatch(reason);
  expect(it.requests()).toEqual(['Create A', deletion]);
});

test('an answer of exactly 4,096 bytes is accepted', async () => {
  const it = new Lab();
  it.handler = ({ StackId, RequestId, LogicalResourceId }) => {
    const answer = {
      Status: 'SUCCESS',
      PhysicalResourceId: 'a',
      StackId,
      RequestId,
      LogicalResourceId,
      Data: { x: '' },
    };
    answer.Data.x = 'x'.repeat(4096 - JSON.stringify(answer).length);
    return { body: JSON.stringify(answer) };
  };
  await expect(it.deploy({ A: custom() })).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('an answer is waited for as long as ServiceTimeout says, an hour without it', async () => {
  const durations = [custom({ ServiceTimeout: '90' }), custom()].map(async (resource) => {
    const it = new Lab();
    it.handler = ({ RequestType }) => (RequestType === 'Create' ? undefined : {});
    const { events } = await it.deploy({ A: resource });
    return events.find((event) => event.status === 'CREATE_FAILED')!.at - events[0]!.at;
  });
  expect(await Promise.all(durations)).toEqual([90_000, 3_600_000]);
});

test('a function that does not exist fails the resource, and nothing is sent', async () => {
  const it = new Lab();
  const result = await it.deploy({ A: custom({ ServiceToken: TOKEN.replace('handler', 'missing') }) });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(lines(result.events, true)).toContain(
    `A CREATE_FAILED: Function not found: ${TOKEN.replace('handler', 'missing')}`,
  );
  expect(it.events).toEqual([]);
});

test('the service token cannot be changed', async () => {
  const it = new Lab();
  await it.deploy({ A: custom() });
  const result = await it.deploy({ A: custom({ ServiceToken: `${TOKEN}-2` }) });
  expect(lines(result.events, true)).toContain('A UPDATE_FAILED: Modifying service token is not allowed.');
});

test('an update with another physical id is a replacement: the old one is deleted with the old properties', async () => {
  const it = new Lab();
  it.handler = ({ RequestType }) => (RequestType === 'Update' ? { id: 'a-2' } : {});
  await it.deploy({ A: custom({ v: 1 }) });
  const result = await it.deploy({ A: custom({ v: 2 }) });
  expect(lines(result.events)).toEqual([
    'app UPDATE_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'app UPDATE_COMPLETE',
  ]);
  expect(it.events.at(-1)).toMatchObject({ PhysicalResourceId: 'a-1', ResourceProperties: { v: '1' } });
  expect(it.stack().resources.get('A')).toMatchObject({ status: 'UPDATE_COMPLETE', instance: { physicalId: 'a-2' } });
});

test('a failed update keeps the old id, and the rollback sends the opposite', async () => {
  const it = new Lab();
  await it.deploy({ A: custom({ v: 1 }) });
  it.handler = ({ ResourceProperties }) => (ResourceProperties.v === '2' ? { failed: 'no', id: 'a-2' } : {});
  const result = await it.deploy({ A: custom({ v: 2 }) });
  expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(it.requests()).toEqual(['Create A', 'Update A a-1', 'Update A a-1']);
  expect(it.events.at(-1)).toMatchObject({ ResourceProperties: { v: '1' }, OldResourceProperties: { v: '2' } });
});

const REPLACEMENT_UNDONE: ReadonlyArray<[string, string, 'update-new' | 'restore-old', string[], string]> = [
  ['an update that answers the old id', 'a-1', 'update-new', ['Update A a-2', 'Delete A a-2'], 'a-1'],
  ['an update that answers another id', 'a-3', 'update-new', ['Update A a-2', 'Delete A a-1', 'Delete A a-2'], 'a-3'],
  ['an update that answers the new id', 'a-2', 'update-new', ['Update A a-2', 'Delete A a-1'], 'a-2'],
  ['the old one alone', '', 'restore-old', ['Delete A a-2'], 'a-1'],
];

test.each(REPLACEMENT_UNDONE)(
  'the rollback of a completed replacement by %s',
  async (_by, answer, rollbackOfReplacement, requests, id) => {
    const it = new Lab({ rollbackOfReplacement });
    await it.deploy({ A: custom({ v: 1 }) });
    it.handler = ({ RequestType, ResourceProperties }) => {
      if (RequestType !== 'Update') return {};
      return { id: ResourceProperties.v === '2' ? 'a-2' : answer };
    };
    const result = await it.deploy({ A: custom({ v: 2 }), Bad: plain({ Fail: 'create' }, { DependsOn: 'A' }) });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(it.requests().slice(2).sort()).toEqual([...requests].sort());
    expect(it.stack().resources.get('A')?.instance?.physicalId).toBe(id);
    expect(it.stack().resources.get('A')?.instance?.properties).toMatchObject({ v: 1 });
  },
);

test('a retained custom resource gets no Delete', async () => {
  const it = new Lab();
  await it.deploy({ A: custom({}, { DeletionPolicy: 'Retain' }) });
  const result = await it.delete();
  expect(lines(result.events)).toContain('A DELETE_SKIPPED');
  expect(it.requests()).toEqual(['Create A']);
});

test.each([
  [true, 1],
  [false, 2],
])('whether Retain keeps Delete from a failed create is an option: %s', async (failedCreatesAreRetained, requests) => {
  const it = new Lab({ failedCreatesAreRetained });
  it.handler = ({ RequestType }) => (RequestType === 'Create' ? { failed: 'no' } : {});
  await it.deploy({ A: custom({}, { DeletionPolicy: 'Retain' }) });
  expect(it.events).toHaveLength(requests);
});

test('requests go out one after another', async () => {
  const it = new Lab({ requestDistanceMs: 200 });
  const times: number[] = [];
  it.handler = () => {
    times.push(it.clock.now());
    return {};
  };
  await it.deploy({ A: custom(), B: custom(), C: custom() });
  expect(times.map((time) => time - times[0]!)).toEqual([0, 200, 400]);
});

test('a request that has not gone out when its sibling fails is never sent, nor is its deletion', async () => {
  const it = new Lab({ requestDistanceMs: 5_000 });
  await it.deploy({ A: custom(), B: custom(), Bad: plain({ Fail: 'create', Seconds: 2 }) });
  expect(it.requests()).toEqual(['Create A', 'Delete A a-1']);
});
