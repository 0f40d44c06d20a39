import type { Json } from './definition';
import { StateError } from './state-error';

/** Simple paths, such as `$`, `$.a.b`, `$['a b']` and `$.a[0]`: no filters, no intrinsic functions, no context object. */
export function isPath(path: string): boolean {
  return PATH.test(path);
}

const PATH = /^\$(\.[A-Za-z_][\w-]*|\['[^']+'\]|\[\d+\])*$/;

/** Whether there is something at the path. */
export function hasPath(value: Json, path: string): boolean {
  let current = value;
  for (const step of steps(path)) {
    if (!has(current, step)) return false;
    current = current[step];
  }
  return true;
}

/** What is at the path; `null` selects an empty object, no path the whole. */
export function select(value: Json, path: string | null | undefined): Json {
  if (path === null) return {};
  return steps(path ?? '$').reduce<Json>((current, step) => {
    if (has(current, step)) return current[step];
    throw new StateError(
      'States.Runtime',
      `the path '${path}' matches nothing in the input '${JSON.stringify(value)}'`,
    );
  }, value);
}

/** `value` with `result` at the path; `null` drops the result, no path lets it take the place of the whole. */
export function place(value: Json, path: string | null | undefined, result: Json): Json {
  if (path === null) return value;
  const way = steps(path ?? '$');
  return way.length === 0 ? result : placeAt(value, way, result);
}

function placeAt(value: Json, [step, ...rest]: Array<string | number>, result: Json): Json {
  const isContainer =
    typeof step === 'number' ? Array.isArray(value) : typeof value === 'object' && !Array.isArray(value);
  if (step === undefined || !isContainer) {
    throw new StateError('States.ResultPathMatchFailure', `the result cannot be placed in '${JSON.stringify(value)}'`);
  }
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[step] = rest.length === 0 ? result : placeAt(copy[step] ?? {}, rest, result);
  return copy;
}

/** A payload template: a member `name.$` gets what is at its path. */
export function fill(template: Json, value: Json): Json {
  if (Array.isArray(template)) return template.map((item) => fill(item, value));
  if (typeof template !== 'object' || template === null) return template;
  const members = Object.entries(template).map(([key, item]) =>
    key.endsWith('.$') ? [key.slice(0, -2), select(value, item as string)] : [key, fill(item, value)],
  );
  return Object.fromEntries(members);
}

function has(value: Json, step: string | number): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step);
}

function steps(path: string): Array<string | number> {
  return [...path.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d+)\]/g)].map(
    ([, name, quoted, index]) => name ?? quoted ?? Number(index),
  );
}
