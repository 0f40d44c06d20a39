import { Token } from 'aws-cdk-lib';
import { Validation } from './validation';

/**
 * Keys and values of tags of CloudHSM (https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_Tag.html) and of Macie
 * (https://docs.aws.amazon.com/macie/latest/user/tagging-resources.html).
 */
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const ALLOWED = 'consist of letters, digits, spaces and _.:/=+-@';

/**
 * What is wrong with the tags of a resource, which may also come by `Tags.of()`. `resourceType` is what to exclude there.
 */
export function tagProblemsOf(
  resourceType: string,
  most: number,
): (tags: Readonly<Record<string, string>>) => string[] {
  return (tags) =>
    checkTags(new Validation('tags'), tags, most)
      .all()
      .map(
        (problem) =>
          `${problem}; where Tags.of(…).add() is meant for other resources, pass it excludeResourceTypes: ['${resourceType}']`,
      );
}

export function checkTags(
  validation: Validation,
  tags: Readonly<Record<string, string>> | undefined,
  most: number,
): Validation {
  const known = Object.entries(tags ?? {}).filter(([key]) => !Token.isUnresolved(key));
  validation.count('tags', Object.keys(tags ?? {}), 0, most);
  for (const [key, value] of known) {
    checkTagKey(validation, 'tags', key)
      .length(`tags value of "${key}"`, value, 0, 256)
      .pattern(`tags value of "${key}"`, value, TEXT, ALLOWED);
  }
  return validation;
}

/** A key alone, of the property. */
export function checkTagKey(validation: Validation, property: string, key: string): Validation {
  return validation
    .length(`${property} key "${key}"`, key, 1, 128)
    .pattern(`${property} key`, key, TEXT, ALLOWED)
    .require(!/^aws:/i.test(key), `${property} key "${key}" is reserved by AWS; choose another prefix than "aws:"`)
    .require(
      !key.startsWith('cdk-settled:'),
      `${property} key "${key}" is reserved; choose another prefix than "cdk-settled:"`,
    );
}
