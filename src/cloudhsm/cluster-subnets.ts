import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** The model's `SubnetIds`: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CreateCluster.html */
const MAX_SUBNETS = 10;

export interface SubnetWish {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly availabilityZones?: string[];
}

/** One subnet for each zone of the cluster, in the order of the zones. Fails with the zones and subnets that it has found. */
export function chooseSubnets(path: string, wish: SubnetWish): ec2.ISubnet[] {
  const found = candidatesOf(wish);
  const subnets = wish.availabilityZones === undefined ? found : inZones(path, found, wish.availabilityZones);
  const problem = problemWith(subnets);
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
  return subnets;
}

/** Without a selection any subnet of a zone will do; a selection is meant as it is. */
function candidatesOf({ vpc, vpcSubnets }: SubnetWish): ec2.ISubnet[] {
  return vpc.selectSubnets(vpcSubnets ?? { onePerAz: true }).subnets;
}

function inZones(path: string, subnets: ec2.ISubnet[], zones: string[]): ec2.ISubnet[] {
  const repeated = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (repeated !== undefined)
    throw new Error(`${path}: availabilityZones names ${repeated} twice; name each zone once`);
  return zones.flatMap((zone) => {
    const inZone = subnets.filter(({ availabilityZone }) => availabilityZone === zone);
    if (inZone.length > 0) return inZone;
    throw new Error(`${path}: availabilityZones names ${zone}, where no subnet is selected; ${listing(subnets)}`);
  });
}

function problemWith(subnets: ec2.ISubnet[]): string | undefined {
  if (subnets.length === 0) {
    return 'no subnet is selected; CloudHSM needs one in each zone of the cluster: change vpcSubnets or availabilityZones';
  }
  const zones = byZone(subnets);
  const crowded = [...zones].find(([, { length }]) => length > 1);
  if (crowded !== undefined) {
    const [zone, { length }] = crowded;
    return `${length} subnets are selected in zone ${shown(zone)} (${crowded[1].map(named).join(', ')}), but CloudHSM takes one subnet for each zone; add onePerAz: true to vpcSubnets, or select one of them`;
  }
  if (zones.size > MAX_SUBNETS) {
    return `${zones.size} zones are selected, but a cluster takes at most ${MAX_SUBNETS}; name the ones to use in availabilityZones; ${listing(subnets)}`;
  }
  return undefined;
}

function byZone(subnets: ec2.ISubnet[]): Map<string, ec2.ISubnet[]> {
  const zones = new Map<string, ec2.ISubnet[]>();
  for (const subnet of subnets) {
    const zone = subnet.availabilityZone;
    zones.set(zone, [...(zones.get(zone) ?? []), subnet]);
  }
  return zones;
}

function listing(subnets: ec2.ISubnet[]): string {
  if (subnets.some(({ availabilityZone }) => Token.isUnresolved(availabilityZone))) {
    return "the stack's zones have no names yet: give it an env with account and region, or use those of vpc.availabilityZones";
  }
  return `there are ${subnets.map((subnet) => `${subnet.availabilityZone} (${named(subnet)})`).join(', ')}`;
}

function shown(zone: string): string {
  return Token.isUnresolved(zone) ? '(without a name yet)' : zone;
}

function named(subnet: ec2.ISubnet): string {
  return Token.isUnresolved(subnet.subnetId) ? subnet.node.path : subnet.subnetId;
}
