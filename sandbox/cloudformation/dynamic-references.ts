import { findSecret, type SecretsState } from '../services/secretsmanager/state';
import { ResourceFailure } from './resource-types/resource-type';
import type { Properties } from './stack';
import { TemplateError } from './template-error';
import { isObject } from './values';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html */
const SECRET = /^\{\{resolve:secretsmanager:(.+?):SecretString:([^:]*):([^:]*):([^:]*)\}\}$/;

/**
 * Refuses dynamic references where the sandbox does not know what becomes of them: all but those to secrets, in
 * properties that take them. There they stay as they are, so that no secret is kept with a resource.
 */
export function checkDynamicReferences(
  properties: Properties,
  path: string,
  secretProperties: readonly string[] | undefined,
  secrets: () => SecretsState,
): void {
  for (const [property, text] of references(properties, '')) {
    const [, id] = SECRET.exec(text) ?? [];
    if (id === undefined || secretProperties?.includes(property) !== true) {
      throw new TemplateError(`${path}.${property} has the dynamic reference ${text}, which the sandbox does not know`);
    }
    if (findSecret(secrets(), id) === undefined) {
      throw new ResourceFailure("Secrets Manager can't find the specified secret.");
    }
  }
}

function references(value: unknown, path: string): Array<[path: string, text: string]> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? [[path, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => references(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => references(item, path === '' ? key : `${path}.${key}`));
}
