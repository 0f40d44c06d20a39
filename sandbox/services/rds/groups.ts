import type { Home } from './databases';
import { refused } from './errors';
import type { Place } from './place';
import type { GroupKind } from './state';

/** Subnet groups and parameter groups: names that instances and clusters refer to. What is in them is not kept. */
export class DbGroups {
  constructor(private readonly home: Home) {}

  create(place: Place, kind: GroupKind, name: string): string {
    const { groups } = this.home.state(place);
    const lower = name.toLowerCase();
    if (groups.has(keyOf(kind, lower)))
      throw refused(CODES[kind].exists, `${CODES[kind].title} ${lower} already exists`);
    groups.set(keyOf(kind, lower), { kind, name: lower });
    return lower;
  }

  delete(place: Place, kind: GroupKind, name: string): void {
    this.check(place, kind, name);
    this.home.state(place).groups.delete(keyOf(kind, name.toLowerCase()));
  }

  /** Throws where something names a group that is not there. Groups `default…` always are. */
  check(place: Place, kind: GroupKind, name: string | undefined): void {
    if (name === undefined || name.startsWith('default')) return;
    if (this.home.state(place).groups.has(keyOf(kind, name.toLowerCase()))) return;
    throw refused(CODES[kind].missing, `${CODES[kind].title} not found: ${name}`);
  }
}

function keyOf(kind: GroupKind, name: string): string {
  return `${kind}/${name}`;
}

const CODES: Readonly<
  Record<GroupKind, { readonly title: string; readonly exists: string; readonly missing: string }>
> = {
  'subnet-group': {
    title: 'DBSubnetGroup',
    exists: 'DBSubnetGroupAlreadyExists',
    missing: 'DBSubnetGroupNotFoundFault',
  },
  'parameter-group': {
    title: 'DBParameterGroup',
    exists: 'DBParameterGroupAlreadyExists',
    missing: 'DBParameterGroupNotFound',
  },
  'cluster-parameter-group': {
    title: 'DBClusterParameterGroup',
    exists: 'DBParameterGroupAlreadyExists',
    missing: 'DBClusterParameterGroupNotFound',
  },
};
