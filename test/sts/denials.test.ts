import { Aspects, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AppMonitor, Authorization } from '../../src/rum';
import { Denials } from '../../src/sts';
import {
  actionsOf,
  HANDLER_ROLE,
  type Json,
  resourcesOf,
  statementsOf,
  testApp,
  testStack,
} from '../support/synthesis';

const DECODE = 'sts:DecodeAuthorizationMessage';

function addMonitor(stack: Stack): Stack {
  new AppMonitor(stack, 'Monitor', { domain: 'example.com', authorization: Authorization.none() });
  return stack;
}

function explaining(stack: Stack): { readonly functions: number; readonly statements: Json[] } {
  const template = Template.fromStack(stack);
  const functions = resourcesOf(template, 'AWS::Lambda::Function').filter(
    ({ Properties }) => Properties.Environment?.Variables.SETTLED_EXPLAIN_DENIALS === '1',
  );
  const statements = statementsOf(template, HANDLER_ROLE).filter(({ Action }) => Action === DECODE);
  return { functions: functions.length, statements };
}

const ON = { functions: 1, statements: [{ Effect: 'Allow', Action: DECODE, Resource: '*' }] };
const OFF = { functions: 0, statements: [] };

test('denials with encoded messages are not decoded unless that is wished', () => {
  expect(explaining(addMonitor(testStack()))).toEqual(OFF);
});

test.each(['before', 'after'])('they are, by the handler alone, for what is made %s the call', (order) => {
  const stack = testStack();
  if (order === 'after') addMonitor(stack);
  Denials.explain(stack);
  if (order === 'before') addMonitor(stack);
  expect(explaining(stack)).toEqual(ON);
});

test('once, however often it is said', () => {
  const stack = addMonitor(testStack());
  Denials.explain(stack);
  Denials.explain(stack);
  Denials.explain(stack.node.root);
  expect(explaining(stack)).toEqual(ON);
});

test('for an app reaches into its stages and nested stacks', () => {
  const app = testApp();
  Denials.explain(app);
  const staged = new Stack(new Stage(app, 'Prod'), 'Stack');
  const nested = addMonitor(new NestedStack(staged, 'Nested'));
  addMonitor(staged);
  expect(explaining(staged)).toEqual(ON);
  expect(explaining(nested)).toEqual(ON);
});

test('for a stack leaves others as they are', () => {
  const app = testApp();
  const [one, two] = ['One', 'Two'].map((id) => addMonitor(new Stack(app, id))) as [Stack, Stack];
  Denials.explain(one);
  expect(explaining(one)).toEqual(ON);
  expect(explaining(two)).toEqual(OFF);
});

test('adds no permission but that to decode', () => {
  const stack = addMonitor(testStack());
  const before = actionsOf(statementsOf(Template.fromStack(addMonitor(testStack())), HANDLER_ROLE));
  Denials.explain(stack);
  expect(actionsOf(statementsOf(Template.fromStack(stack), HANDLER_ROLE))).toEqual([...before, DECODE].sort());
});

test('makes no warnings, and no findings of cdk-nag', () => {
  const stack = addMonitor(testStack());
  Denials.explain(stack);
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false }));
  const annotations = Annotations.fromStack(stack);
  expect([...annotations.findWarning('*', Match.anyValue()), ...annotations.findError('*', Match.anyValue())]).toEqual(
    [],
  );
});
