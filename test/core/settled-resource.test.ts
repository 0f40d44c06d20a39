import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SettledResource, type SettledResourceProps } from '../../src/core/settled-resource';
import { Properties } from '../../src/runtime/properties';
import { RoleAssumption } from '../../src/sts';
import { fakeService } from '../support/fake-service';
import {
  actionsOf,
  type Json,
  messageOf,
  onlyResource,
  resourcesOf,
  statementsOf,
  synthesize,
  testApp,
  testStack,
} from '../support/synthesis';

const THING = 'Custom::SettledFake';
const HANDLER_ROLE = 'CdkSettledFakeProviderRole';
const POLICY = 'AWS::IAM::Policy';

function addThing(stack: Stack, id = 'Thing', props: Partial<SettledResourceProps> = {}): SettledResource {
  return new SettledResource(stack, id, {
    service: fakeService(),
    resourceType: THING,
    properties: {},
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}

function thing(
  props: Partial<SettledResourceProps>,
  further: (stack: Stack, thing: SettledResource) => void = () => {},
) {
  const template = synthesize((stack) => further(stack, addThing(stack, 'Thing', props)));
  return onlyResource(template, THING);
}

test('properties reach the custom resource, absent ones do not', () => {
  const { Properties } = thing({ properties: { Color: 'red', List: [], Missing: undefined } });
  expect(Properties).toMatchObject({ Color: 'red', List: [] });
  expect(Properties).not.toHaveProperty('Missing');
});

describe('tags', () => {
  /** As the handler reads them. */
  function tagsOf(resource: Json): Record<string, string> {
    return new Properties(resource.Properties).tags('Tags');
  }

  test('of the prop and of Tags.of(stack) reach the custom resource in the form that the handler reads', () => {
    const resource = thing({ tags: { team: 'web' } }, (stack) => Tags.of(stack).add('stage', 'test'));
    expect(tagsOf(resource)).toEqual({ stage: 'test', team: 'web' });
  });

  test('of Tags.of(resource) reach it', () => {
    expect(tagsOf(thing({}, (_, resource) => Tags.of(resource).add('stage', 'test')))).toEqual({ stage: 'test' });
  });

  test('are left out where there are none', () => {
    expect(thing({}).Properties).not.toHaveProperty('Tags');
  });

  test('of Tags.of() win over the prop, as everywhere in the CDK', () => {
    const resource = thing({ tags: { team: 'prop' } }, (stack) => Tags.of(stack).add('team', 'aspect'));
    expect(tagsOf(resource)).toEqual({ team: 'aspect' });
  });

  test('of the prop win over a Tags.of() with a priority below 50, as everywhere in the CDK', () => {
    const resource = thing({ tags: { team: 'prop' } }, (stack) =>
      Tags.of(stack).add('team', 'aspect', { priority: 49 }),
    );
    expect(tagsOf(resource)).toEqual({ team: 'prop' });
  });

  test('can be removed by Tags.of().remove()', () => {
    const resource = thing({ tags: { team: 'web', cost: '1' } }, (_, it) => Tags.of(it).remove('team'));
    expect(tagsOf(resource)).toEqual({ cost: '1' });
  });

  test('of Tags.of() can leave the resource type out', () => {
    const resource = thing({}, (stack) => Tags.of(stack).add('a b', 'c', { excludeResourceTypes: [THING] }));
    expect(resource.Properties).not.toHaveProperty('Tags');
  });

  test('are checked at synthesis, when all of them are known', () => {
    const stack = testStack();
    addThing(stack, 'Thing', {
      tags: { own: '1' },
      tagProblems: (tags) => Object.keys(tags).map((key) => `${key} is not wanted`),
    });
    Tags.of(stack).add('late', '2');
    expect(messageOf(() => Template.fromStack(stack))).toMatch(
      /\[Stack\/Thing\] late is not wanted[\s\S]*\[Stack\/Thing\] own is not wanted/,
    );
  });
});

describe('removal policy', () => {
  test.each([
    [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
    [RemovalPolicy.RETAIN, 'RetainExceptOnCreate', 'Retain'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
  ])(
    '%s becomes DeletionPolicy %s and UpdateReplacePolicy %s',
    (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
      expect(thing({ removalPolicy })).toMatchObject({ DeletionPolicy, UpdateReplacePolicy });
    },
  );

  test('RETAIN that is applied later lets failed creations be removed as well', () => {
    const resource = thing({}, (_, it) => it.applyRemovalPolicy(RemovalPolicy.RETAIN));
    expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('SNAPSHOT is an error', () => {
    expect(messageOf(() => thing({ removalPolicy: RemovalPolicy.SNAPSHOT }))).toBe(
      'Stack/Thing: removalPolicy must be DESTROY or RETAIN (there are no snapshots of this resource), got "snapshot"',
    );
  });
});

describe('permissions', () => {
  const own = new iam.PolicyStatement({ actions: ['fake:Make'], resources: ['arn:aws:fake:::thing/x'] });
  const lasting = {
    id: 'Lasting',
    statements: () => [new iam.PolicyStatement({ actions: ['fake:Remove'], resources: ['arn:aws:fake:::thing/x'] })],
  };

  test('the standing ones of the service are given once, with those of each resource', () => {
    const template = synthesize((stack) => {
      addThing(stack, 'A', { permissions: () => [own] });
      addThing(stack, 'B');
    });
    const actions = actionsOf(statementsOf(template, HANDLER_ROLE)).filter((action) => action.startsWith('fake:'));
    expect(actions).toEqual(['fake:Describe', 'fake:Make']);
  });

  test('lasting ones stand in one policy of their own, on which each resource that needs them depends', () => {
    const template = synthesize((stack) => {
      for (const id of ['A', 'B']) addThing(stack, id, { lastingPermissions: lasting });
      addThing(stack, 'C');
    });
    const policies = template.findResources(POLICY, {
      Properties: { PolicyDocument: { Statement: [Match.objectLike({ Action: 'fake:Remove' })] } },
    });
    const [policyId, ...others] = Object.keys(policies);
    expect(others).toEqual([]);
    expect(resourcesOf(template, THING).map(({ DependsOn = [] }) => DependsOn)).toEqual([[policyId], [policyId], []]);
  });
});

describe('a role to assume', () => {
  const ROLE_A = 'arn:aws:iam::222222222222:role/a';
  const ROLE_B = 'arn:aws:iam::333333333333:role/b';
  const assuming = (arn: string, props = {}): Partial<SettledResourceProps> => ({
    assumeRole: RoleAssumption.fromRoleArn(arn, props),
  });

  /** The policies that allow to assume roles, by logical id. */
  function assumingPolicies(template: Template): Array<{ id: string; actions: string[]; role: Json }> {
    return Object.entries(template.findResources(POLICY))
      .map(([id, { Properties }]) => ({ id, statements: Properties.PolicyDocument.Statement }))
      .filter(({ statements }) => /sts:AssumeRole/.test(JSON.stringify(statements)))
      .map(({ id, statements }) => {
        expect(statements).toHaveLength(1);
        return { id, actions: [statements[0].Action].flat(), role: statements[0].Resource };
      });
  }

  function dependencies(template: Template): string[][] {
    return resourcesOf(template, THING).map(({ DependsOn = [] }) => DependsOn);
  }

  test('is rendered as a property', () => {
    const { Properties } = thing(assuming(ROLE_A, { sessionName: 'me' }));
    expect(Properties.AssumeRole).toMatchObject({ RoleArn: ROLE_A, SessionName: 'me' });
  });

  test('is no property of a resource in the own account', () => {
    expect(thing({}).Properties).not.toHaveProperty('AssumeRole');
  });

  test('gets one policy, shared by the resources that assume it, on which they depend', () => {
    const template = synthesize((stack) => {
      addThing(stack, 'A1', assuming(ROLE_A));
      addThing(stack, 'A2', assuming(ROLE_A, { sessionName: 'another-session' }));
      addThing(stack, 'B', assuming(ROLE_B));
    });
    const policies = assumingPolicies(template);
    expect(policies.map(({ actions, role }) => ({ actions, role }))).toEqual([
      { actions: ['sts:AssumeRole'], role: ROLE_A },
      { actions: ['sts:AssumeRole'], role: ROLE_B },
    ]);
    const [a, b] = policies.map(({ id }) => id);
    expect(dependencies(template)).toEqual([[a], [a], [b]]);
  });

  test('that is assumed with and without tags gets a policy for each, so that neither needs the other', () => {
    const template = synthesize((stack) => {
      addThing(stack, 'Plain', assuming(ROLE_A));
      addThing(stack, 'Tagged', assuming(ROLE_A, { tags: { team: 'web' } }));
    });
    const policies = assumingPolicies(template);
    expect(policies.map(({ actions, role }) => ({ actions, role }))).toEqual([
      { actions: ['sts:AssumeRole'], role: ROLE_A },
      { actions: ['sts:AssumeRole', 'sts:TagSession'], role: ROLE_A },
    ]);
    expect(dependencies(template)).toEqual(policies.map(({ id }) => [id]));
  });

  test('is told from a role of another stack with the same logical id', () => {
    const app = testApp();
    const roles = ['A', 'B'].map(
      (id) => new iam.Role(new Stack(app, id), 'Role', { assumedBy: new iam.AccountRootPrincipal() }),
    );
    const stack = new Stack(app, 'Stack');
    for (const [index, role] of roles.entries()) {
      addThing(stack, `Thing${index}`, { assumeRole: RoleAssumption.fromRole(role) });
    }
    const assumed = assumingPolicies(Template.fromStack(stack)).map(({ role }) => role['Fn::ImportValue']);
    expect(assumed).toEqual([expect.stringMatching(/^A:/), expect.stringMatching(/^B:/)]);
  });

  test('leaves in the own account the standing permissions alone, for a last resource there that is still to be deleted', () => {
    const statement = new iam.PolicyStatement({ actions: ['fake:Make'], resources: ['*'] });
    const template = synthesize((stack) => {
      addThing(stack, 'Thing', {
        ...assuming(ROLE_A),
        permissions: () => [statement],
        lastingPermissions: { id: 'Lasting', statements: () => [statement] },
      });
    });
    const actions = actionsOf(statementsOf(template, HANDLER_ROLE)).filter((action) => /^fake:/.test(action));
    expect(actions).toEqual(['fake:Describe']);
  });

  test('leaves the permissions of a sibling in the own account as they are', () => {
    const template = synthesize((stack) => {
      addThing(stack, 'There', assuming(ROLE_A));
      addThing(stack, 'Here', {
        permissions: () => [new iam.PolicyStatement({ actions: ['fake:Make'], resources: ['*'] })],
      });
    });
    const actions = actionsOf(statementsOf(template, HANDLER_ROLE)).filter((action) => /^fake:/.test(action));
    expect(actions).toEqual(['fake:Describe', 'fake:Make']);
  });
});
