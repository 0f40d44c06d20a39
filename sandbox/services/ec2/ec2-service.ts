import type { Service, World } from '../service';
import { describeOperations } from './describe';
import { Ec2Endpoints } from './endpoints';
import { model } from './model';
import { Ec2Network } from './network';
import { Ec2Routing } from './routing';
import { type Ec2State, newEc2State } from './state';

/**
 * Amazon EC2, as far as VPCs go: what CloudFormation and other services make in them (through {@link tools}; the API's
 * own mutating operations are not modelled), and Describe operations. README.md beside this file says more.
 */
export class Ec2Service implements Service<Ec2State> {
  readonly name = 'ec2';
  readonly model = model;
  readonly operations = describeOperations;

  newState(): Ec2State {
    return newEc2State();
  }

  /** Without what comes and goes with a VPC: its default security group. */
  inventory(state: Ec2State): readonly string[] {
    const defaults = new Set([...state.vpcs.values()].map((vpc) => vpc.defaultSecurityGroupId));
    const groups = [...state.securityGroups.values()].filter(({ id }) => !defaults.has(id));
    const names = (title: string, ids: Iterable<string>) => [...ids].map((id) => `${title} ${id}`);
    return [
      ...names('vpc', state.vpcs.keys()),
      ...names('subnet', state.subnets.keys()),
      ...[...state.networkInterfaces.values()].map((item) => `network interface ${item.id} (${item.description})`),
      ...groups.map((group) => `security group ${group.id} (${group.name})`),
      ...names('route table', state.routeTables.keys()),
      ...names('internet gateway', state.internetGateways.keys()),
      ...names('nat gateway', state.natGateways.keys()),
      ...names('elastic ip', state.addresses.keys()),
      ...names('vpc endpoint', state.endpoints.keys()),
    ];
  }

  /** To make and delete things without a call. */
  tools(world: World): Ec2Tools {
    const network = new Ec2Network(world, this);
    return {
      network,
      routing: new Ec2Routing(world, this, network),
      endpoints: new Ec2Endpoints(world, this, network),
    };
  }
}

export interface Ec2Tools {
  readonly network: Ec2Network;
  readonly routing: Ec2Routing;
  readonly endpoints: Ec2Endpoints;
}
