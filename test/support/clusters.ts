import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ClusterProps } from '../../src/cloudhsm';
import { IRELAND, type Json, testApp } from './synthesis';

export const CLUSTER = 'Custom::SettledCloudHsmCluster';
export const HSM = 'Custom::SettledCloudHsmHsm';
export const INITIALIZATION = 'Custom::SettledCloudHsmInitialization';
export const ACTIVATION = 'Custom::SettledCloudHsmActivation';
export const BACKUP_COPY = 'Custom::SettledCloudHsmBackupCopy';

/** Logical id prefix of the role that makes the calls for clusters. */
export const CLOUDHSM_ROLE = 'CdkSettledCloudHsmProviderRole';

/** A VPC of elsewhere with a private subnet in each of so many zones: `eu-west-1a`, `subnet-a`, `10.0.0.0/24` and so on. */
export function vpcWithZones(stack: Stack, count: number): ec2.IVpc {
  const letters = [...'abcdefghijkl'].slice(0, count);
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: letters.map((letter) => `eu-west-1${letter}`),
    privateSubnetIds: letters.map((letter) => `subnet-${letter}`),
    privateSubnetIpv4CidrBlocks: letters.map((_, index) => `10.0.${index}.0/24`),
  });
}

/** A stack in Ireland. */
export function irishStack(): Stack {
  return new Stack(testApp({ 'cdk-settled:logRetentionDays': '7' }), 'Stack', { env: IRELAND });
}

/** A cluster in a stack of its own, with three zones. */
export function clusterWith(props: Partial<ClusterProps> = {}, zones = 3): Cluster {
  const stack = irishStack();
  return new Cluster(stack, 'Cluster', { vpc: vpcWithZones(stack, zones), ...props });
}

export function templateOf(cluster: Cluster): Template {
  return Template.fromStack(Stack.of(cluster));
}

/** What the resources of a type depend on, by logical id: only other resources of this service, without their hashes. */
export function orderOf(template: Template): Record<string, string[]> {
  const resources: Array<[string, Json]> = Object.entries(template.toJSON().Resources);
  const ours = resources.filter(([, { Type }]) => [HSM, INITIALIZATION, ACTIVATION].includes(Type));
  const names = new Map(ours.map(([id]) => [id, shortName(id)]));
  return Object.fromEntries(
    ours.map(([id, { DependsOn = [] }]) => [
      shortName(id),
      (DependsOn as string[]).flatMap((other) => names.get(other) ?? []).sort(),
    ]),
  );
}

/** `ClusterHsm1x2AB12CD34` is `Hsm1x2`. */
function shortName(logicalId: string): string {
  return logicalId.replace(/^Cluster/, '').replace(/[0-9A-F]{8}$/, '');
}
