import type { ListShape, MapShape, Member, ScalarShape, StructureShape } from './model';

/** Short forms for models that are written by hand. */

/** A structure from the names of its members' shapes. A member may say under which name it travels. */
export function structure(
  members: Readonly<Record<string, string | Member>>,
  required: readonly string[] = [],
): StructureShape {
  const entries = Object.entries(members).map(([name, member]): [string, Member] => {
    return [name, typeof member === 'string' ? { shape: member } : member];
  });
  return { type: 'structure', members: Object.fromEntries(entries), ...(required.length > 0 && { required }) };
}

/** The items of some lists have a name of their own in the query protocol. */
export function list(member: string, more: Partial<Pick<ListShape, 'min' | 'max' | 'locationName'>> = {}): ListShape {
  return { type: 'list', member, ...more };
}

export function map(value: string, key = 'Text'): MapShape {
  return { type: 'map', key, value };
}

/** A text of limited length. The pattern must match all of it. */
export function text(min?: number, max?: number, pattern?: string): ScalarShape {
  return {
    type: 'string',
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern: `^(?:${pattern})$` }),
  };
}

export function choice(...values: readonly string[]): ScalarShape {
  return { type: 'string', values };
}

export function integer(min?: number, max?: number): ScalarShape {
  return { type: 'integer', ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

/** Error shapes of one status, all with a message. */
export function errors(
  names: readonly string[],
  httpStatus = 400,
  messageName: 'message' | 'Message' = 'message',
): Record<string, StructureShape> {
  return Object.fromEntries(
    names.map((name): [string, StructureShape] => [name, { ...structure({ [messageName]: 'Text' }), httpStatus }]),
  );
}

/** The scalars that every such model has. */
export const SCALARS = {
  Text: { type: 'string' },
  Flag: { type: 'boolean' },
  Whole: { type: 'integer' },
  Long: { type: 'long' },
  Time: { type: 'timestamp' },
  Bytes: { type: 'blob' },
} as const satisfies Record<string, ScalarShape>;
