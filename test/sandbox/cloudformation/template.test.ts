import { custom, Lab, plain } from './lab';

const lab = () => new Lab();

test.each<[string, object, object | undefined, string]>([
  ['an unknown section', { A: plain() }, { Transform: 'X' }, 'Transform'],
  [
    'an unknown resource type',
    { A: { Type: 'AWS::EC2::Instance' } },
    undefined,
    'Unrecognized resource types: [AWS::EC2::Instance]',
  ],
  [
    'an unknown attribute of a resource',
    { A: { Type: 'Sandbox::Failing', CreationPolicy: {} } },
    undefined,
    'Resources.A has CreationPolicy',
  ],
  ['an unknown property', { A: plain({ Colour: 1 }) }, undefined, 'does not know Colour of Sandbox::Failing'],
  ['a missing property', { A: { Type: 'Custom::X' } }, undefined, 'Custom::X needs ServiceToken'],
  ['a reference to nothing', { A: plain({ Value: { Ref: 'B' } }) }, undefined, 'Unresolved resource dependencies [B]'],
  ['a dependency on nothing', { A: plain({}, { DependsOn: 'B' }) }, undefined, 'Unresolved resource dependencies [B]'],
  [
    'a circle',
    {
      A: plain({ Value: { Ref: 'B' } }),
      B: plain({}, { DependsOn: ['A'] }),
      C: plain({ Value: { Ref: 'A' } }),
      D: plain(),
    },
    undefined,
    'Circular dependency between resources: [A, B]',
  ],
  [
    'more than 500 resources',
    Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`A${i}`, plain()])),
    undefined,
    '501 resources',
  ],
  ['more than a megabyte', { A: plain({ Value: 'x'.repeat(1_000_000) }) }, undefined, '1000000 are allowed'],
  ['no resources', {}, undefined, 'at least one resource'],
  ['a wrong DeletionPolicy', { A: plain({}, { DeletionPolicy: 'Keep' }) }, undefined, 'Resources.A.DeletionPolicy'],
  [
    'a missing parameter',
    { A: plain() },
    { Parameters: { P: { Type: 'String' } } },
    'Parameters: [P] must have values',
  ],
  [
    'a broken rule',
    { A: plain() },
    { Rules: { R: { Assertions: [{ Assert: { 'Fn::Equals': ['a', 'b'] }, AssertDescription: 'never' }] } } },
    'never',
  ],
])('%s is refused before anything happens', async (_what, resources, template, message) => {
  const it = lab();
  await expect(it.deploy(resources, { template })).rejects.toThrow(message);
  expect(it.stack()).toBeUndefined();
});

test.each<[object, string | undefined, string]>([
  [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'A1', 'must match pattern [a-z]+'],
  [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', 'must be one of [a, b]'],
  [{ Type: 'Number', MaxValue: 5 }, '6', 'at most 5'],
  [{ Type: 'Number' }, 'six', 'is not a number'],
  [{ Type: 'String', MinLength: 2, ConstraintDescription: 'two or more' }, 'x', 'two or more'],
  [{ Type: 'AWS::SSM::Parameter::Value<String>' }, '/none', 'Unable to fetch parameters [/none]'],
  [{ Type: 'Colour' }, 'x', 'the type Colour'],
])('a parameter %j refuses %s', async (definition, value, message) => {
  const template = { Parameters: { P: definition } };
  await expect(lab().deploy({ A: plain() }, { template, parameters: { P: value! } })).rejects.toThrow(message);
});

test('parameters, mappings, conditions and the bootstrap rule work as the CDK emits them', async () => {
  const it = lab();
  const result = await it.deploy(
    {
      A: plain({ Value: { 'Fn::Join': ['+', { Ref: 'List' }] } }),
      B: plain({ Value: 'never' }, { Condition: 'Never' }),
      C: plain({ Value: { 'Fn::If': ['Never', { Ref: 'B' }, { Ref: 'AWS::NoValue' }] } }, { DependsOn: 'B' }),
    },
    {
      parameters: { List: 'a, b' },
      template: {
        Parameters: {
          List: { Type: 'CommaDelimitedList' },
          Secret: { Type: 'String', Default: 's', NoEcho: true },
          BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
        },
        Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Secret' }, 'other'] } },
        Rules: {
          CheckBootstrapVersion: {
            Assertions: [
              { Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] } },
            ],
          },
        },
        Outputs: {
          Joined: { Value: { 'Fn::GetAtt': ['A', 'Value'] } },
          Version: { Value: { Ref: 'BootstrapVersion' } },
          Hidden: { Value: 'x', Condition: 'Never' },
        },
      },
    },
  );
  expect(result).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { Joined: 'a+b', Version: '21' } });
  expect(Object.keys(result.outputs)).toEqual(['Joined', 'Version']);
  expect([...it.stack().resources.keys()]).toEqual(['A', 'C']);
});

test('an export is kept while another stack imports it', async () => {
  const it = lab();
  const exporting = (value: string) => ({ Outputs: { O: { Value: value, Export: { Name: 'shared' } } } });
  await it.deploy({ A: plain() }, { stackName: 'one', template: exporting('v1') });
  const two = { A: plain({ Value: { 'Fn::ImportValue': 'shared' } }) };
  await it.deploy(two, { stackName: 'two', template: { Outputs: { O: { Value: { 'Fn::GetAtt': 'A.Value' } } } } });

  expect(it.stack('two').outputs[0]?.value).toBe('v1');
  const place = ['111122223333', 'eu-central-1'] as const;
  await expect(it.stacks.delete('one', ...place)).rejects.toThrow(
    'Export shared cannot be deleted as it is in use by two',
  );
  const changed = await it.deploy({ A: plain() }, { stackName: 'one', template: exporting('v2') });
  expect(changed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  await it.stacks.delete('two', ...place);
  await expect(it.stacks.delete('one', ...place)).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('the properties of a custom resource can be anything', async () => {
  await expect(lab().deploy({ A: custom({ Anything: { at: ['all'] } }) })).resolves.toMatchObject({
    status: 'CREATE_COMPLETE',
  });
});
