import { ACCOUNT, Lab, plain, REGION } from './lab';

const TRUST = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};
const allow = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

function role(properties: object = {}) {
  return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST, ...properties } };
}

const outputs = (values: Record<string, unknown>) => ({
  template: { Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])) },
});

test('a role has a generated name of at most 64 characters, an ARN and an id', async () => {
  const it = new Lab();
  const stackName = 'a-very-long-stack-name-that-goes-on-and-on-for-the-sake-of-it';
  const result = await it.deploy(
    { TheRoleWithAnEquallyLongName: role() },
    {
      stackName,
      ...outputs({
        Name: { Ref: 'TheRoleWithAnEquallyLongName' },
        Arn: { 'Fn::GetAtt': 'TheRoleWithAnEquallyLongName.Arn' },
      }),
    },
  );
  expect(result.outputs.Name).toHaveLength(64);
  expect(result.outputs.Name).toMatch(/^a-very-long-stack-name.*-TheRoleWithAnEquallyLong-[A-Za-z0-9]{12}$/);
  expect(result.outputs.Arn).toBe(`arn:aws:iam::${ACCOUNT}:role/${result.outputs.Name}`);
});

test('policies are put on their roles, changed with them and taken away again', async () => {
  const it = new Lab();
  const template = (action: string, inline: string) => ({
    R: role({ RoleName: 'r', Policies: [{ PolicyName: inline, PolicyDocument: allow('s3:GetObject') }] }),
    P: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'P', Roles: [{ Ref: 'R' }], PolicyDocument: allow(action) },
    },
    M: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Roles: [{ Ref: 'R' }], PolicyDocument: allow(action) },
    },
  });
  await it.deploy(template('rum:GetAppMonitor', 'one'));
  await it.deploy(template('rum:ListAppMonitors', 'two'));
  const made = it.iam.roleByName(ACCOUNT, 'r')!;
  expect([...made.inlinePolicies.keys()].sort()).toEqual(['P', 'two']);
  expect(made.inlinePolicies.get('P')).toEqual(allow('rum:ListAppMonitors'));
  expect(made.managedPolicyArns.size).toBe(1);
  await it.delete();
  expect(it.iam.roles(ACCOUNT)).toEqual([]);
  expect(it.inventory()).toEqual([]);
});

test('a role whose name is taken fails its stack', async () => {
  const it = new Lab();
  await it.deploy({ R: role({ RoleName: 'r' }) }, { stackName: 'other' });
  const result = await it.deploy({ R: role({ RoleName: 'r' }) });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(it.iam.roleByName(ACCOUNT, 'r')).toBeDefined();
});

test('a function runs the asset that its code names', async () => {
  const it = new Lab();
  const lambda = (Code: object) => ({
    F: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code,
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: `arn:aws:iam::${ACCOUNT}:role/r`,
        Timeout: 900,
        Environment: { Variables: { ONE: 1 } },
      },
    },
  });
  const assets = { directory: (_bucket: string, key: string) => (key === 'hash.zip' ? '/out/asset.hash' : undefined) };
  await it.deploy(lambda({ S3Bucket: 'b', S3Key: 'hash.zip' }), { assets });
  expect(it.createdFunctions[0]).toMatchObject({
    accountId: ACCOUNT,
    region: REGION,
    name: expect.stringMatching(/^app-F-/),
    codeDirectory: '/out/asset.hash',
    timeoutSeconds: 900,
    environment: { ONE: '1' },
  });
  const inline = await it.deploy(lambda({ ZipFile: 'exports.handler = 1' }), { assets, stackName: 'inline' });
  expect(inline.status).toBe('ROLLBACK_COMPLETE');
  const missing = await it.deploy(lambda({ S3Bucket: 'b', S3Key: 'no.zip' }), { assets, stackName: 'missing' });
  expect(missing.events.map((event) => event.reason)).toContain(
    's3://b/no.zip is no asset directory of the cloud assembly',
  );
});

test('a rollback brings back the code of an earlier assembly', async () => {
  const it = new Lab();
  const lambda = (S3Key: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Bucket: 'b', S3Key }, Handler: 'i.h', Runtime: 'nodejs22.x', Role: 'role' },
  });
  const only = (known: string) => ({
    assets: { directory: (_bucket: string, key: string) => (key === known ? `/${key}` : undefined) },
  });
  await it.deploy({ F: lambda('one') }, only('one'));
  const bad = plain({ Fail: 'create' }, { DependsOn: 'F' });
  await expect(it.deploy({ F: lambda('two'), Bad: bad }, only('two'))).resolves.toMatchObject({
    status: 'UPDATE_ROLLBACK_COMPLETE',
  });
  expect(it.createdFunctions.map((made) => made.codeDirectory)).toEqual(['/one', '/two', '/one']);
});

test('plain types have the references and attributes that CDK stacks use', async () => {
  const it = new Lab();
  const result = await it.deploy(
    {
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/a', RetentionInDays: 7 } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Param: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: 'v' } },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: 'alarm',
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 1,
          Namespace: 'App',
          MetricName: 'Load',
          Statistic: 'Sum',
          Period: 60,
          Threshold: 1,
        },
      },
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Meta: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'x' } },
    },
    outputs({
      Log: { 'Fn::GetAtt': 'Log.Arn' },
      Topic: { Ref: 'Topic' },
      Param: { 'Fn::GetAtt': 'Param.Value' },
      Alarm: { 'Fn::GetAtt': 'Alarm.Arn' },
      Bucket: { Ref: 'Bucket' },
    }),
  );
  expect(result.outputs).toEqual({
    Log: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/a:*`,
    Topic: expect.stringMatching(/^arn:aws:sns:eu-central-1:111122223333:app-Topic-/),
    Param: 'v',
    Alarm: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:alarm`,
    Bucket: expect.stringMatching(/^app-bucket-[a-z0-9]{12}$/),
  });
  expect(it.inventory()).toHaveLength(5);
});

test('a parameter of one stack can be read by the template of the next', async () => {
  const it = new Lab();
  await it.deploy(
    { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: 'v' } } },
    { stackName: 'one' },
  );
  const result = await it.deploy(
    { A: plain() },
    {
      template: {
        Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/p' } },
        Outputs: { V: { Value: { Ref: 'P' } } },
      },
    },
  );
  expect(result.outputs).toEqual({ V: 'v' });
});

test('an attribute that a resource type does not have is an error', async () => {
  const result = await new Lab().deploy({ A: plain(), B: plain({ Value: { 'Fn::GetAtt': 'A.Colour' } }) });
  expect(result.events.map((event) => event.reason)).toContain(
    'A: the sandbox knows no attribute Colour of Sandbox::Failing; it knows Value',
  );
});
