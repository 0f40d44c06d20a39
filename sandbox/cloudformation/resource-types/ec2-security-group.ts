import type { NewRule } from '../../services/ec2/security-rules';
import { existing } from '../../services/ec2/state';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { egressRule, ingressRule } from './ec2-security-group-rule';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const ec2SecurityGroup = immediate({
  name: 'AWS::EC2::SecurityGroup',
  properties: ['GroupDescription', 'GroupName', 'SecurityGroupEgress', 'SecurityGroupIngress', 'Tags', 'VpcId'],
  // Without a VPC it would be in the default one, which accounts of the sandbox do not have.
  required: ['GroupDescription', 'VpcId'],
  taggable: true,
  replacedBy: ['GroupDescription', 'GroupName', 'VpcId'],
  standing: false,

  make(task) {
    const { tools, accountId, region, properties } = task;
    const group = tools.ec2.network.createSecurityGroup(accountId, region, {
      vpcId: properties.VpcId as string,
      name:
        (properties.GroupName as string | undefined) ??
        generatedName(tools.world.random, task.stack.name, task.logicalId, 255),
      description: properties.GroupDescription as string,
      rules: rulesOf(properties),
      tags: tagsOf(properties),
    });
    return { physicalId: group.id, attributes: { GroupId: group.id, Id: group.id, VpcId: group.vpcId } };
  },

  change({ tools, accountId, region, properties }, current) {
    const { network } = tools.ec2;
    network.exchangeRules(accountId, region, current.physicalId, rulesOf(current.properties), rulesOf(properties));
    existing(network.state(accountId, region), 'sg', current.physicalId).tags = tagsOf(properties);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.network.deleteSecurityGroup(accountId, region, physicalId));
  },
});

function rulesOf({ SecurityGroupIngress, SecurityGroupEgress }: Properties): NewRule[] {
  const listOf = (rules: unknown) => (rules ?? []) as readonly Properties[];
  return [...listOf(SecurityGroupIngress).map(ingressRule), ...listOf(SecurityGroupEgress).map(egressRule)];
}
