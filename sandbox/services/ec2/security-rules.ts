import { refused } from './errors';
import { type Ec2State, existing, type Peer, type SecurityGroup, type SecurityRule } from './state';

export type NewRule = Omit<SecurityRule, 'id'>;

/** Adds a rule; one that is there already is refused, and so is one that names a group that does not exist. */
export function addRule(state: Ec2State, group: SecurityGroup, id: string, rule: NewRule): string {
  if ('group' in rule.peer) existing(state, 'sg', rule.peer.group);
  const twin = [...group.rules.values()].find((other) => ruleKey(other) === ruleKey(rule));
  if (twin !== undefined) {
    throw refused(
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${peerText(rule.peer)}, ${portText(rule)}, ALLOW" already exists`,
    );
  }
  group.rules.set(id, { ...rule, id });
  return id;
}

export function removeRule(group: SecurityGroup, rule: NewRule): void {
  const twin = [...group.rules.values()].find((other) => ruleKey(other) === ruleKey(rule));
  if (twin !== undefined) group.rules.delete(twin.id);
}

export function withoutThose(rules: readonly NewRule[], others: readonly NewRule[]): readonly NewRule[] {
  const keys = new Set(others.map(ruleKey));
  return rules.filter((rule) => !keys.has(ruleKey(rule)));
}

/** Whether a rule of the group lets traffic of this protocol and port come from or go to a member of `peers`. */
export function allows(
  group: SecurityGroup,
  direction: SecurityRule['direction'],
  traffic: { readonly protocol: string; readonly port: number; readonly peerGroups: readonly string[] },
): boolean {
  return [...group.rules.values()].some((rule) => {
    if (rule.direction !== direction) return false;
    const everything = rule.protocol === '-1';
    const { fromPort = 0, toPort = 65_535 } = rule;
    const fits = rule.protocol === traffic.protocol && fromPort <= traffic.port && traffic.port <= toPort;
    return (everything || fits) && reaches(rule.peer, traffic.peerGroups);
  });
}

/** Blocks other than the whole net are not compared with addresses: they count as not reaching. */
function reaches(peer: Peer, groups: readonly string[]): boolean {
  if ('group' in peer) return groups.includes(peer.group);
  return 'cidr' in peer && peer.cidr === '0.0.0.0/0';
}

function ruleKey(rule: NewRule): string {
  return JSON.stringify([rule.direction, rule.protocol, rule.fromPort, rule.toPort, peerText(rule.peer)]);
}

function peerText(peer: Peer): string {
  return Object.values(peer)[0] as string;
}

function portText({ protocol, fromPort, toPort }: NewRule): string {
  return protocol === '-1' ? 'ALL' : `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
}
