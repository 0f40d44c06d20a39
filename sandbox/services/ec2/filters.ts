import { ConditionContext, matchesPattern } from '../../iam/pattern';
import type { Document } from '../service';
import { refused } from './errors';
import type { Tags } from './state';

/** What the filters of an operation look at: the values that a thing has under each name. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

interface Filter {
  readonly Name: string;
  readonly Values?: readonly string[];
}

/**
 * Whether a thing passes all filters: of one filter's values one must fit, and may have wildcards.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function passes(filters: readonly Filter[] | undefined, fields: Fields, tags: Tags): boolean {
  return (filters ?? []).every(({ Name, Values = [] }) => {
    const actual = valuesOf(Name, fields, tags);
    return actual.some((value) => Values.some((wanted) => matchesPattern(wanted, value, PLAIN)));
  });
}

/** EC2's tags in answers. */
export function tagSet(tags: Tags): Document {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A filter's wildcards are those of policies, without variables. */
const PLAIN = { context: new ConditionContext(), variables: false };

function valuesOf(name: string, fields: Fields, tags: Tags): readonly string[] {
  if (name.startsWith('tag:')) return [tags[name.slice('tag:'.length)]].filter((value) => value !== undefined);
  if (name === 'tag-key') return Object.keys(tags);
  const values = fields[name];
  if (values === undefined) {
    throw refused(
      'InvalidParameterValue',
      `The filter '${name}' is invalid; the sandbox knows ${Object.keys(fields).join(', ')}, tag:<key> and tag-key`,
    );
  }
  return [values].flat();
}
