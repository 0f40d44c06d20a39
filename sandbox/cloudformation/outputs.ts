import type { Engine } from './engine';
import type { Evaluator } from './intrinsics';
import { reasonOf } from './operation';
import type { Output, Stack } from './stack';
import type { OutputDefinition } from './template';
import { TemplateError } from './template-error';
import { scalarText } from './values';

/** Resolves the stack's outputs and makes its exports known. Returns why that was not possible. */
export function publishOutputs(engine: Engine, stack: Stack, evaluator: Evaluator): string | undefined {
  try {
    const outputs = [...stack.template.outputs.values()]
      .filter(({ condition, name }) => condition === undefined || evaluator.condition(condition, `Outputs.${name}`))
      .map((definition) => resolveOutput(definition, evaluator));
    engine.exports.replace(stack, exportsOf(outputs));
    stack.outputs = outputs;
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

export function exportsOf(outputs: readonly Output[]): Map<string, string> {
  const exported = outputs.filter((output) => output.exportName !== undefined);
  return new Map(exported.map((output) => [output.exportName!, output.value]));
}

function resolveOutput(definition: OutputDefinition, evaluator: Evaluator): Output {
  const path = `Outputs.${definition.name}`;
  const { exportName } = definition;
  return {
    key: definition.name,
    value: text(evaluator.resolve(definition.value, `${path}.Value`), `${path}.Value`),
    description: definition.description,
    ...(exportName !== undefined && { exportName: text(evaluator.resolve(exportName, `${path}.Export`), path) }),
  };
}

function text(value: unknown, path: string): string {
  const found = scalarText(value);
  if (found?.includes('{{resolve:'))
    throw new TemplateError(`${path} has a dynamic reference: the sandbox knows none there`);
  if (found === undefined) throw new TemplateError(`Template format error: ${path} must resolve to a string`);
  return found;
}
