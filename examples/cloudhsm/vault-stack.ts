import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { cloudhsm } from '../../src';

export interface VaultStackProps extends StackProps {
  /** @default 2 */
  readonly hsmCount?: number;
}

/** A cluster of hardware security modules, initialized and activated. */
export class VaultStack extends Stack {
  readonly cluster: cloudhsm.Cluster;

  constructor(scope: Construct, id: string, props: VaultStackProps = {}) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });

    this.cluster = new cloudhsm.Cluster(this, 'Hsm', {
      vpc,
      hsmCount: props.hsmCount ?? 2,
      removalPolicy: RemovalPolicy.DESTROY,
      deleteBackups: true,
    });

    new CfnOutput(this, 'ClusterId', { value: this.cluster.clusterId });
  }
}
