import type { PolicyHolder } from '../../iam/policy-holders';
import type { Properties } from '../stack';
import { ResourceFailure, type Task } from './resource-type';

/** The properties that say for whom a policy is. */
export const HOLDER_PROPERTIES = ['Groups', 'Roles', 'Users'] as const;

/** The ARNs of the roles, users and groups that a policy is for. */
export function holdersOf(task: Task, properties: Properties): readonly string[] {
  return named(properties).map(([property, name]) => {
    const holder = byName(task, property, name);
    if (holder === undefined) {
      throw new ResourceFailure(`The ${property.slice(0, -1).toLowerCase()} with name ${name} cannot be found.`);
    }
    return holder.arn;
  });
}

/** Those of them that are still there. */
export function standingHoldersOf(task: Task, properties: Properties): readonly PolicyHolder[] {
  return named(properties)
    .map(([property, name]) => byName(task, property, name))
    .filter((holder) => holder !== undefined);
}

type HolderProperty = (typeof HOLDER_PROPERTIES)[number];

function named(properties: Properties): ReadonlyArray<readonly [HolderProperty, string]> {
  return HOLDER_PROPERTIES.flatMap((property) =>
    ((properties[property] ?? []) as readonly string[]).map((name) => [property, name] as const),
  );
}

function byName({ tools, accountId }: Task, property: HolderProperty, name: string): PolicyHolder | undefined {
  switch (property) {
    case 'Groups':
      return tools.iam.groups.byName(accountId, name);
    case 'Roles':
      return tools.iam.roleByName(accountId, name);
    case 'Users':
      return tools.iam.users.byName(accountId, name);
  }
}
