import type { NewRule } from '../../services/ec2/security-rules';
import { existing, type Peer } from '../../services/ec2/state';
import type { Properties } from '../stack';
import { type ImmediateType, immediate } from './immediate';
import { ResourceFailure, type ResourceType } from './resource-type';
import { unlessGone } from './unless-gone';

const COMMON = ['CidrIp', 'CidrIpv6', 'Description', 'FromPort', 'IpProtocol', 'ToPort'];
const INGRESS = [...COMMON, 'SourcePrefixListId', 'SourceSecurityGroupId', 'SourceSecurityGroupOwnerId'];
const EGRESS = [...COMMON, 'DestinationPrefixListId', 'DestinationSecurityGroupId'];

/** Rules that stand beside their group, so that two groups can name each other. */
export const ec2SecurityGroupIngress = ruleType('AWS::EC2::SecurityGroupIngress', INGRESS, ingressRule);
export const ec2SecurityGroupEgress = ruleType('AWS::EC2::SecurityGroupEgress', EGRESS, egressRule);

/** A rule in the properties of its group, or a resource of its own. */
export function ingressRule(properties: Properties): NewRule {
  const { SourceSecurityGroupId, SourcePrefixListId } = properties;
  return rule('ingress', properties, SourceSecurityGroupId, SourcePrefixListId);
}

export function egressRule(properties: Properties): NewRule {
  const { DestinationSecurityGroupId, DestinationPrefixListId } = properties;
  return rule('egress', properties, DestinationSecurityGroupId, DestinationPrefixListId);
}

function ruleType(name: string, properties: readonly string[], parse: (given: Properties) => NewRule): ResourceType {
  const type: ImmediateType = {
    name,
    properties: [...properties, 'GroupId'],
    required: ['GroupId', 'IpProtocol'],
    replacedBy: [...properties.filter((key) => key !== 'Description'), 'GroupId'],
    standing: false,
    make({ tools, accountId, region, properties: given }) {
      const id = tools.ec2.network.authorize(accountId, region, given.GroupId as string, parse(given));
      return { physicalId: id, attributes: { Id: id } };
    },
    change({ tools, accountId, region, properties: given }, current) {
      const { rules } = existing(tools.ec2.network.state(accountId, region), 'sg', given.GroupId as string);
      rules.set(current.physicalId, { ...parse(given), id: current.physicalId });
      return current;
    },
    remove({ tools, accountId, region }, { physicalId, properties: given }) {
      unlessGone(() => tools.ec2.network.revoke(accountId, region, given.GroupId as string, physicalId));
    },
  };
  return immediate(type);
}

function rule(direction: NewRule['direction'], properties: Properties, group: unknown, prefixList: unknown): NewRule {
  const { CidrIp, CidrIpv6, Description, FromPort, IpProtocol, ToPort } = properties;
  const peers: Array<Peer | undefined> = [
    CidrIp === undefined ? undefined : { cidr: String(CidrIp) },
    CidrIpv6 === undefined ? undefined : { ipv6: String(CidrIpv6) },
    group === undefined ? undefined : { group: String(group) },
    prefixList === undefined ? undefined : { prefixList: String(prefixList) },
  ];
  const [peer, ...more] = peers.filter((item) => item !== undefined);
  if (peer === undefined || more.length > 0) {
    throw new ResourceFailure(
      `a rule of a security group needs one peer (a block, a group or a prefix list), got ${peers.filter(Boolean).length}`,
    );
  }
  return {
    direction,
    protocol: String(IpProtocol),
    ...(FromPort !== undefined && { fromPort: Number(FromPort) }),
    ...(ToPort !== undefined && { toPort: Number(ToPort) }),
    peer,
    ...(Description !== undefined && { description: String(Description) }),
  };
}
