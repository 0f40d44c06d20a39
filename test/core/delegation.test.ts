import { NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { requiredBy, requiredFrom } from '../../src/core/delegation';
import { keepingParameters } from '../../src/core/parameters';
import { changingOwned, creatingOwned, narrowed } from '../../src/core/permissions';
import type { SettledService } from '../../src/core/settled-provider';
import { SettledResource } from '../../src/core/settled-resource';
import { type IDelegable, RoleAssumption } from '../../src/sts';
import { delegated, delegatedActions, MANAGER } from '../support/delegation';
import { fakeService } from '../support/fake-service';
import { IRELAND, messageOf, testApp } from '../support/synthesis';

const THINGS = { service: 'fake', resource: 'thing', resourceName: '*' };

/** A service whose permissions show all that they are written in terms of. */
const service: SettledService = {
  ...fakeService(),
  permissions: (realm, types) => [
    creatingOwned(realm, ['fake:Make'], [realm.arn(THINGS)]),
    keepingParameters(realm),
    ...(types?.has('Custom::SettledFake') === false ? [] : [changingOwned(realm, ['fake:Change'], ['*'])]),
  ],
};

function thingIn(stack: Stack, region?: string): IDelegable {
  return new SettledResource(stack, 'Thing', {
    service,
    resourceType: 'Custom::SettledFake',
    properties: {},
    removalPolicy: RemovalPolicy.DESTROY,
    assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/there', { region }),
  });
}

function inStack(props = {}): Stack {
  return new Stack(testApp(), 'Stack', props);
}

/** The thing that may be made, and on which condition. */
function made(delegable: IDelegable) {
  const [{ Resource, Condition }] = delegated(delegable);
  return { thing: Resource, owner: Condition.StringLike['aws:RequestTag/cdk-settled:owner'] };
}

describe('a role in another account', () => {
  test('may manage what belongs to the stack, in the account of the role and the region of the stack', () => {
    expect(made(thingIn(inStack({ env: { ...IRELAND, region: 'eu-west-3' } })))).toEqual({
      thing: 'arn:aws:fake:eu-west-3:222222222222:thing/*',
      owner: 'Stack/*',
    });
  });

  test('may manage it in the region of the role assumption, where that is another one', () => {
    expect(made(thingIn(inStack({ env: IRELAND }), 'us-east-1')).thing).toBe(
      'arn:aws:fake:us-east-1:222222222222:thing/*',
    );
  });

  test('may manage it in its own region, where the stack is for any region', () => {
    expect(made(thingIn(inStack())).thing).toBe('arn:aws:fake:eu-west-1:222222222222:thing/*');
  });

  test('may keep the parameters of the stack', () => {
    expect(delegated(thingIn(inStack()))[1].Resource).toBe(
      'arn:aws:ssm:eu-west-1:222222222222:parameter/cdk-settled/Stack/*',
    );
  });

  test('is assumed by the functions of the service in the stack', () => {
    const { _provider } = thingIn(inStack({ env: IRELAND, stackName: 'shop' })).requiredPermissions();
    expect(_provider).toEqual({ account: '111111111111', stackName: 'shop', service: 'Fake' });
  });

  test('is assumed from an account that is not known, where the stack is for any account', () => {
    expect(thingIn(inStack()).requiredPermissions()._provider.account).toBeUndefined();
  });

  test('knows nested stacks by the name of their root, since CloudFormation makes the rest', () => {
    const nested = new NestedStack(new NestedStack(inStack({ stackName: 'root' }), 'Nested'), 'Deeper');
    const thing = thingIn(nested);
    expect(made(thing).owner).toBe('root-*/*');
    expect(delegated(thing)[1].Resource).toMatch(/parameter\/cdk-settled\/root-\*\/\*$/);
    expect(thing.requiredPermissions()._provider.stackName).toBe('root-*');
  });
});

describe('required permissions', () => {
  const statement = (action: string) => new iam.PolicyStatement({ actions: [action], resources: ['*'] });
  const requiring = (action: string) => ({ service, permissions: () => [statement(action)] });

  test('are those of the moment when they are asked for', () => {
    const requirements = [requiring('fake:First')];
    const required = requiredBy(inStack(), service, undefined, () => requirements);
    requirements.push(requiring('fake:Second'));
    expect(delegatedActions(required)).toEqual(expect.arrayContaining(['fake:First', 'fake:Second']));
  });

  test('have each statement once', () => {
    const required = requiredFrom(MANAGER, requiring('fake:Same'), requiring('fake:Same'));
    expect(delegated(required).filter(({ Action }) => Action === 'fake:Same')).toHaveLength(1);
  });

  test('are of the resource types alone that are managed', () => {
    expect(delegatedActions(requiredFrom(MANAGER, requiring('fake:First')))).not.toContain('fake:Change');
  });

  test('are given as copies, so that nobody changes those of others', () => {
    const required = requiredFrom(MANAGER, requiring('fake:First'));
    required.statements[0]!.addActions('fake:Second');
    expect(delegatedActions(required)).not.toContain('fake:Second');
  });

  test.each([
    [{ account: '1234' }, 'account must be the id of an account, 12 digits, got "1234"'],
    [
      { stackName: 'a/b' },
      'stackName must be the name of a stack (of nested ones: that of their root and "-*"), got "a/b"',
    ],
    [
      { stackName: '' },
      'stackName must be the name of a stack (of nested ones: that of their root and "-*"), got ""; stackName must have 1 to 128 characters (it has 0), got ""',
    ],
  ])('are not of a stack that there cannot be: %p', (wrong, problem) => {
    expect(messageOf(() => requiredFrom({ ...MANAGER, ...wrong }, requiring('fake:First')))).toBe(
      `sts.ManagingStack: ${problem}`,
    );
  });

  test('may be of a nested stack, known by the name of its root', () => {
    expect(requiredFrom({ ...MANAGER, stackName: 'root-*' }, requiring('a:B'))._provider.stackName).toBe('root-*');
  });
});

test('narrowed statements keep resources and conditions, and those without actions are left out', () => {
  const conditions = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
  const statements = [
    new iam.PolicyStatement({ actions: ['a:One', 'a:Two'], resources: ['arn:x'], conditions }),
    new iam.PolicyStatement({ actions: ['a:Two'], resources: ['*'] }),
  ];
  expect(narrowed(statements, new Set(['a:One'])).map((statement) => statement.toStatementJson())).toEqual([
    { Effect: 'Allow', Action: 'a:One', Resource: 'arn:x', Condition: conditions },
  ]);
});
