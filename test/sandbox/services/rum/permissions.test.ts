import { ACCOUNT, arnOf, REGION, RumHarness } from './harness';

const POOL = `${REGION}:11111111-2222-4333-a444-555555555555`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/guest`;
const LOGS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:CreateLogGroup',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'logs:PutRetentionPolicy',
];

let aws: RumHarness;
beforeEach(() => {
  aws = new RumHarness();
});

const actions = (operation: string, input: object) => aws.permissions(operation, input).map(({ action }) => action);

test('a create asks for the service-linked role once an account', async () => {
  const input = { Name: 'shop', Domain: 'a.example.com' };
  expect(aws.permissions('CreateAppMonitor', input)).toEqual([
    { action: 'rum:CreateAppMonitor', resource: arnOf('shop'), context: {} },
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/rum.amazonaws.com/AWSServiceRoleForCloudWatchRUM`,
      context: { 'iam:AWSServiceName': 'rum.amazonaws.com' },
    },
  ]);
  await aws.call('CreateAppMonitor', input, { region: 'us-east-1' });
  expect(actions('CreateAppMonitor', input)).toEqual(['rum:CreateAppMonitor']);
});

test('a create with tags asks for tagging too, both with the tags of the request', () => {
  const context = { 'aws:RequestTag/team': 'shop', 'aws:TagKeys': ['team'] };
  const permissions = aws.permissions('CreateAppMonitor', { Name: 'shop', Tags: { team: 'shop' } });
  expect(permissions.slice(0, 2)).toEqual([
    { action: 'rum:CreateAppMonitor', resource: arnOf('shop'), context },
    { action: 'rum:TagResource', resource: arnOf('shop'), context },
  ]);
});

test('logs, an identity pool and a guest role ask for the rights that RUM uses on the caller’s behalf', async () => {
  await aws.create();
  const input = {
    Name: 'other',
    CwLogEnabled: true,
    AppMonitorConfiguration: { IdentityPoolId: POOL, GuestRoleArn: ROLE },
  };
  const further = aws.permissions('CreateAppMonitor', input).slice(1);
  expect(further.map(({ action }) => action)).toEqual([
    ...LOGS,
    'cognito-identity:DescribeIdentityPool',
    'iam:GetRole',
    'iam:PassRole',
  ]);
  expect(further.slice(0, LOGS.length).every(({ resource }) => resource === '*')).toBe(true);
  expect(further.slice(LOGS.length).map(({ resource }) => resource)).toEqual([
    `arn:aws:cognito-identity:${REGION}:${ACCOUNT}:identitypool/${POOL}`,
    ROLE,
    ROLE,
  ]);
});

test('whom a role is passed to is only told where it is configured', () => {
  const input = { Name: 'shop', AppMonitorConfiguration: { GuestRoleArn: ROLE } };
  const passed = () => aws.permissions('CreateAppMonitor', input).find(({ action }) => action === 'iam:PassRole');
  expect(passed()?.context).toEqual({});
  aws = new RumHarness({ passedToService: 'rum.amazonaws.com' });
  expect(passed()?.context).toEqual({ 'iam:PassedToService': 'rum.amazonaws.com' });
});

test('an update asks for the rights on logs when they are on before or after it', async () => {
  await aws.create();
  expect(actions('UpdateAppMonitor', { Name: 'shop' })).toEqual(['rum:UpdateAppMonitor']);
  expect(actions('UpdateAppMonitor', { Name: 'shop', CwLogEnabled: true })).toEqual(['rum:UpdateAppMonitor', ...LOGS]);
  await aws.call('UpdateAppMonitor', { Name: 'shop', CwLogEnabled: true });
  expect(actions('UpdateAppMonitor', { Name: 'shop', CwLogEnabled: false })).toEqual(['rum:UpdateAppMonitor', ...LOGS]);
});

test('listing monitors has no resource', () => {
  expect(aws.permissions('ListAppMonitors', {})).toEqual([{ action: 'rum:ListAppMonitors', resource: '*' }]);
});

test.each<[string, object]>([
  ['GetAppMonitor', { Name: 'shop' }],
  ['UpdateAppMonitor', { Name: 'shop' }],
  ['DeleteAppMonitor', { Name: 'shop' }],
  ['GetAppMonitorData', { Name: 'shop' }],
  ['PutResourcePolicy', { Name: 'shop' }],
  ['GetResourcePolicy', { Name: 'shop' }],
  ['DeleteResourcePolicy', { Name: 'shop' }],
  ['PutRumMetricsDestination', { AppMonitorName: 'shop' }],
  ['ListRumMetricsDestinations', { AppMonitorName: 'shop' }],
  ['DeleteRumMetricsDestination', { AppMonitorName: 'shop' }],
  ['BatchCreateRumMetricDefinitions', { AppMonitorName: 'shop' }],
  ['BatchGetRumMetricDefinitions', { AppMonitorName: 'shop' }],
  ['BatchDeleteRumMetricDefinitions', { AppMonitorName: 'shop' }],
  ['UpdateRumMetricDefinition', { AppMonitorName: 'shop' }],
  ['ListTagsForResource', { ResourceArn: arnOf('shop') }],
])('%s is about the monitor and its tags', async (operation, input) => {
  await aws.create('shop', { Tags: { team: 'shop' } });
  expect(aws.permissions(operation, input)).toEqual([
    { action: `rum:${operation}`, resource: arnOf('shop'), context: { 'aws:ResourceTag/team': 'shop' } },
  ]);
});

test('tagging tells the tags of the request and those of the monitor', async () => {
  await aws.create('shop', { Tags: { team: 'shop' } });
  const ResourceArn = arnOf('shop');
  expect(aws.permissions('TagResource', { ResourceArn, Tags: { cost: '1' } })).toEqual([
    {
      action: 'rum:TagResource',
      resource: ResourceArn,
      context: { 'aws:RequestTag/cost': '1', 'aws:TagKeys': ['cost'], 'aws:ResourceTag/team': 'shop' },
    },
  ]);
  expect(aws.permissions('UntagResource', { ResourceArn, TagKeys: ['team'] })).toEqual([
    {
      action: 'rum:UntagResource',
      resource: ResourceArn,
      context: { 'aws:TagKeys': ['team'], 'aws:ResourceTag/team': 'shop' },
    },
  ]);
});

test('an Evidently destination passes its role', async () => {
  await aws.create();
  const input = { AppMonitorName: 'shop', Destination: 'Evidently', IamRoleArn: ROLE };
  expect(actions('PutRumMetricsDestination', input)).toEqual(['rum:PutRumMetricsDestination', 'iam:PassRole']);
});

test('sending events is about the monitor behind the id, with its policy and the alias', async () => {
  const { Id } = await aws.create();
  const document = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action: 'rum:PutRumEvents', Resource: arnOf('shop') },
  };
  await aws.call('PutResourcePolicy', { Name: 'shop', PolicyDocument: JSON.stringify(document) });
  expect(aws.permissions('PutRumEvents', { Id, Alias: 'web' })).toEqual([
    {
      action: 'rum:PutRumEvents',
      resource: arnOf('shop'),
      context: { 'rum:alias': 'web' },
      resourcePolicy: { document },
    },
  ]);
});

test('every operation of the model is there and says what it needs', () => {
  const operations = Object.keys(aws.rum.model.operations);
  expect(Object.keys(aws.rum.operations).sort()).toEqual(operations.sort());
  expect(operations).toHaveLength(20);
  for (const operation of operations)
    expect(aws.permissions(operation, { Name: 'a', ResourceArn: 'b' })).not.toEqual([]);
});
