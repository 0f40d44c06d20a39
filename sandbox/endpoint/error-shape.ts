import type { ServiceModel, StructureShape } from '../model/model';

/** The shape of an error, which services name by it or by its code. */
export function errorShape(model: ServiceModel | undefined, code: string): StructureShape | undefined {
  const named = model?.shapes[code];
  if (named?.type === 'structure') return named;
  return Object.values(model?.shapes ?? {}).find(
    (shape): shape is StructureShape => shape.type === 'structure' && shape.errorCode === code,
  );
}
