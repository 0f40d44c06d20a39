import type { Document } from '../service';
import type { SecurityGroup, SecurityRule } from './state';

/** The rules of a group in one direction as EC2 tells them: one permission for each protocol and range of ports. */
export function describeRules(group: SecurityGroup, direction: SecurityRule['direction'], accountId: string): Document {
  const permissions = new Map<string, SecurityRule[]>();
  for (const rule of group.rules.values()) {
    if (rule.direction !== direction) continue;
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    permissions.set(key, [...(permissions.get(key) ?? []), rule]);
  }
  return [...permissions.values()].map((rules) => permission(rules, accountId));
}

function permission(rules: readonly SecurityRule[], accountId: string): Document {
  const { protocol, fromPort, toPort } = rules[0]!;
  const of = (make: (rule: SecurityRule) => Document | undefined) =>
    rules.flatMap((rule) => {
      const peer = make(rule);
      return peer === undefined ? [] : [{ ...peer, ...(rule.description && { Description: rule.description }) }];
    });
  return {
    IpProtocol: protocol,
    ...(fromPort !== undefined && { FromPort: fromPort }),
    ...(toPort !== undefined && { ToPort: toPort }),
    UserIdGroupPairs: of(({ peer }) => ('group' in peer ? { UserId: accountId, GroupId: peer.group } : undefined)),
    IpRanges: of(({ peer }) => ('cidr' in peer ? { CidrIp: peer.cidr } : undefined)),
    Ipv6Ranges: of(({ peer }) => ('ipv6' in peer ? { CidrIpv6: peer.ipv6 } : undefined)),
    PrefixListIds: of(({ peer }) => ('prefixList' in peer ? { PrefixListId: peer.prefixList } : undefined)),
  };
}
