import type { Evaluator } from './intrinsics';
import { getAttParts, intrinsicOf, subParts, subPieces } from './intrinsics';
import type { ResourceDefinition, Template } from './template';
import { TemplateError } from './template-error';
import { isObject } from './values';

/**
 * The resources that each resource of the template needs: what it names in DependsOn and what its properties refer to.
 * Resources whose condition is false are left out, and so is the branch of an `Fn::If` that is not taken.
 */
export function dependencies(template: Template, evaluator: Evaluator): Map<string, Set<string>> {
  const standing = [...template.resources.values()].filter((resource) => stands(resource, evaluator));
  const ids = new Set(standing.map((resource) => resource.logicalId));
  return new Map(standing.map((resource) => [resource.logicalId, needsOf(resource, ids, evaluator)]));
}

/** Throws when the template refers to anything that it does not define. */
export function checkReferences(template: Template): void {
  const known = (name: string) =>
    name.startsWith('AWS::') || template.resources.has(name) || Object.hasOwn(template.parameters, name);
  const check = (value: unknown, place: string, section: string) => {
    const missing = [...new Set(referred(value, place))].filter((name) => !known(name));
    if (missing.length > 0) throw unresolved(missing, section);
  };
  for (const resource of template.resources.values()) {
    const place = `Resources.${resource.logicalId}`;
    check(resource.properties, `${place}.Properties`, 'Resources');
    const missing = resource.dependsOn.filter((name) => !template.resources.has(name));
    if (missing.length > 0) throw unresolved(missing, 'Resources');
  }
  for (const output of template.outputs.values()) check(output.value, `Outputs.${output.name}`, 'Outputs');
}

export function stands(resource: ResourceDefinition, evaluator: Evaluator): boolean {
  const { condition, logicalId } = resource;
  return condition === undefined || evaluator.condition(condition, `Resources.${logicalId}.Condition`);
}

function needsOf(resource: ResourceDefinition, ids: ReadonlySet<string>, evaluator: Evaluator): Set<string> {
  const place = `Resources.${resource.logicalId}.Properties`;
  const names = [...resource.dependsOn, ...referred(resource.properties, place, evaluator)];
  return new Set(names.filter((name) => ids.has(name)));
}

/** Every name that `value` refers to; with an evaluator only those of the branches that are taken. */
function* referred(value: unknown, path: string, evaluator?: Evaluator): Generator<string> {
  if (Array.isArray(value)) {
    for (const inner of value) yield* referred(inner, path, evaluator);
    return;
  }
  if (!isObject(value)) return;
  const name = intrinsicOf(value);
  const argument = name === undefined ? undefined : value[name];
  if (name === 'Ref') {
    yield String(argument);
  } else if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = getAttParts(argument, path);
    yield logicalId;
    yield* referred(attribute, path, evaluator);
  } else if (name === 'Fn::Sub') {
    yield* referredBySub(argument, path, evaluator);
  } else if (name === 'Fn::If' && evaluator !== undefined && Array.isArray(argument)) {
    yield* referred(evaluator.condition(String(argument[0]), path) ? argument[1] : argument[2], path, evaluator);
  } else {
    for (const inner of Object.values(value)) yield* referred(inner, path, evaluator);
  }
}

function* referredBySub(argument: unknown, path: string, evaluator?: Evaluator): Generator<string> {
  const [text, variables] = subParts(argument, path);
  yield* referred(variables, path, evaluator);
  for (const piece of subPieces(text)) {
    if ('name' in piece && !Object.hasOwn(variables, piece.name)) yield piece.name.split('.')[0]!;
  }
}

function unresolved(names: readonly string[], section: string): TemplateError {
  return new TemplateError(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${section} block of the template`,
  );
}
