import type { Engine } from './engine';
import { Evaluator, NO_VALUE, type Referable, type Scope } from './intrinsics';
import type { Parameter } from './parameters';
import { resourceType } from './resource-types/registry';
import type { AttributePlace } from './resource-types/resource-type';
import { ResourceFailure } from './resource-types/resource-type';
import type { Instance, Stack } from './stack';
import type { Template } from './template';

/** An evaluator of a stack's template, parameters and resources as they are at the moment of each question. */
export function evaluatorFor(engine: Engine, stack: Stack): Evaluator {
  return new Evaluator({
    ...templateScope(stack.template, stack.parameters, pseudoParameters(engine, stack)),
    resource: (logicalId) => referable(stack, logicalId),
    importValue: (name) => engine.exports.import(stack, name),
  });
}

/** An evaluator for what can be told before anything exists: conditions and rules. */
export function evaluatorBefore(
  template: Template,
  parameters: ReadonlyMap<string, Parameter>,
  pseudo: ReadonlyMap<string, unknown>,
): Evaluator {
  return new Evaluator({
    ...templateScope(template, parameters, pseudo),
    resource: () => undefined,
    importValue: (name) => {
      throw new ResourceFailure(`a condition or rule cannot import ${name}`);
    },
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters(
  engine: Engine,
  stack: Pick<Stack, 'id' | 'name' | 'accountId' | 'region'>,
): Map<string, unknown> {
  const { partition } = engine.tools.world;
  return new Map<string, unknown>([
    ['AWS::AccountId', stack.accountId],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', partition],
    ['AWS::Region', stack.region],
    ['AWS::StackId', stack.id],
    ['AWS::StackName', stack.name],
    ['AWS::URLSuffix', partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
  ]);
}

function templateScope(
  template: Template,
  parameters: ReadonlyMap<string, Parameter>,
  pseudo: ReadonlyMap<string, unknown>,
): Pick<Scope, 'mappings' | 'conditions' | 'parameter'> {
  return {
    mappings: template.mappings,
    conditions: template.conditions,
    parameter: (name) => pseudo.get(name) ?? parameters.get(name)?.value,
  };
}

function referable(stack: Stack, logicalId: string): Referable | undefined {
  const resource = stack.resources.get(logicalId);
  const instance = resource?.instance;
  if (resource === undefined || instance === undefined) return undefined;
  const place = { stackId: stack.id, logicalId };
  return { ref: instance.ref, attribute: (name) => attributeOf(resource.type, instance, name, place) };
}

function attributeOf(typeName: string, instance: Instance, name: string, place: AttributePlace): unknown {
  const type = resourceType(typeName);
  if (type.attribute !== undefined) return type.attribute(instance, name, place);
  if (Object.hasOwn(instance.attributes, name)) return instance.attributes[name];
  const known = Object.keys(instance.attributes).join(', ') || 'none';
  throw new ResourceFailure(
    `${place.logicalId}: the sandbox knows no attribute ${name} of ${typeName}; it knows ${known}`,
  );
}
