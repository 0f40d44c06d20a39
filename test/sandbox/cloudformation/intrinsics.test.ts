import { Evaluator, NO_VALUE } from '../../../sandbox/cloudformation/intrinsics';

const evaluator = new Evaluator({
  mappings: { Sizes: { small: { cpu: '1', ids: ['a', 'b'] } } },
  conditions: {
    Yes: { 'Fn::Equals': ['a', 'a'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Loop: { 'Fn::Not': [{ Condition: 'Loop' }] },
  },
  parameter: (name) =>
    new Map<string, unknown>([
      ['Name', 'n'],
      ['Items', ['x', 'y']],
      ['AWS::Region', 'eu-west-1'],
      ['AWS::NoValue', NO_VALUE],
    ]).get(name),
  resource: (id) =>
    id === 'Res' ? { ref: 'res-id', attribute: (name) => (name === 'Map' ? { k: 1 } : `attr ${name}`) } : undefined,
  importValue: (name) => `imported ${name}`,
});

test.each<[unknown, unknown]>([
  [{ Ref: 'Name' }, 'n'],
  [{ Ref: 'Res' }, 'res-id'],
  [{ 'Fn::GetAtt': ['Res', 'Arn'] }, 'attr Arn'],
  [{ 'Fn::GetAtt': 'Res.Deep.Name' }, 'attr Deep.Name'],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
  [{ 'Fn::Sub': '${Name}/${Res}/${Res.Arn}/${!Name}/${AWS::Region}' }, 'n/res-id/attr Arn/${Name}/eu-west-1'],
  [{ 'Fn::Sub': ['${a}-${Name}', { a: { Ref: 'Res' } }] }, 'res-id-n'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
  [{ 'Fn::Join': ['-', ['a', 1, true, { Ref: 'Name' }]] }, 'a-1-true-n'],
  [{ 'Fn::Join': [',', { Ref: 'Items' }] }, 'x,y'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
  [{ 'Fn::Select': ['0', { Ref: 'Items' }] }, 'x'],
  [{ 'Fn::FindInMap': ['Sizes', 'small', 'cpu'] }, '1'],
  [{ 'Fn::FindInMap': ['Sizes', 'small', 'ids'] }, ['a', 'b']],
  [{ 'Fn::If': ['Yes', 'y', { Ref: 'Missing' }] }, 'y'],
  [{ 'Fn::If': ['No', 'y', 'n'] }, 'n'],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': [1, '1'] }] }, true],
  [{ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'b'] }] }, false],
  [{ 'Fn::Contains': [['1', '2'], { Ref: 'Name' }] }, false],
  [{ 'Fn::Base64': 'hi' }, 'aGk='],
  [{ 'Fn::ImportValue': { 'Fn::Join': ['', ['e', { Ref: 'Name' }]] } }, 'imported en'],
  [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
  [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
  [{ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }], c: null }, { b: [1] }],
  [{ Condition: 'Yes' }, { Condition: 'Yes' }],
])('%j resolves to %j', (value, expected) => {
  expect(evaluator.resolve(value, 'Here')).toEqual(expected);
});

test.each<[unknown, string]>([
  [{ 'Fn::Unheard': 1 }, 'Here.X calls Fn::Unheard, which the sandbox does not know'],
  [{ Ref: 'Nobody' }, 'Here.X.Ref refers to Nobody'],
  [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'Nobody'],
  [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Res', 'Map'] }]] }, 'needs a string, got {"k":1}'],
  [{ 'Fn::Select': [2, ['a']] }, 'selects 2 of a list of 1'],
  [{ 'Fn::FindInMap': ['Sizes', 'large', 'cpu'] }, 'Sizes.large.cpu'],
  [{ 'Fn::If': ['Unknown', 1, 2] }, 'condition Unknown'],
  [{ 'Fn::If': ['Loop', 1, 2] }, 'Circular dependency in condition Loop'],
  [{ 'Fn::Cidr': ['10.0.0.0/30', 4, 8] }, 'do not fit'],
])('%j is refused', (value, message) => {
  expect(() => evaluator.resolve({ X: value }, 'Here')).toThrow(message);
});
