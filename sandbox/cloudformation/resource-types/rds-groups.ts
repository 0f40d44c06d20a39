import type { GroupKind } from '../../services/rds/state';
import { lowerCaseName } from '../physical-names';
import { immediate } from './immediate';
import type { ResourceType } from './resource-type';
import { unlessGone } from './unless-gone';

const MAX_NAME_LENGTH = 255;

export const rdsSubnetGroup = group('AWS::RDS::DBSubnetGroup', 'subnet-group', 'DBSubnetGroupName', [
  'DBSubnetGroupDescription',
  'SubnetIds',
]);

export const rdsParameterGroup = group(
  'AWS::RDS::DBParameterGroup',
  'parameter-group',
  'DBParameterGroupName',
  ['Description', 'Family'],
  ['Parameters'],
);

export const rdsClusterParameterGroup = group(
  'AWS::RDS::DBClusterParameterGroup',
  'cluster-parameter-group',
  'DBClusterParameterGroupName',
  ['Description', 'Family', 'Parameters'],
);

export const docDbSubnetGroup = group('AWS::DocDB::DBSubnetGroup', 'subnet-group', 'DBSubnetGroupName', [
  'DBSubnetGroupDescription',
  'SubnetIds',
]);

export const docDbClusterParameterGroup = group(
  'AWS::DocDB::DBClusterParameterGroup',
  'cluster-parameter-group',
  'Name',
  ['Description', 'Family', 'Parameters'],
);

/** A group, of which only the name is kept: a database that names one that is not there is refused. */
function group(
  name: string,
  kind: GroupKind,
  nameProperty: string,
  required: readonly string[],
  optional: readonly string[] = [],
): ResourceType {
  return immediate({
    name,
    properties: [nameProperty, 'Tags', ...required, ...optional],
    required,
    taggable: true,
    replacedBy: [nameProperty, 'Family'],
    standing: false,

    make(task) {
      const { tools, stack, logicalId, properties } = task;
      const given = properties[nameProperty] as string | undefined;
      const chosen = given ?? lowerCaseName(tools.world.random, stack.name, logicalId, MAX_NAME_LENGTH);
      const physicalId = tools.databases.groups.create(task, kind, chosen);
      return { physicalId, attributes: { Id: physicalId } };
    },

    change: (_task, current) => current,

    remove(task, { physicalId }) {
      unlessGone(() => task.tools.databases.groups.delete(task, kind, physicalId));
    },
  });
}
