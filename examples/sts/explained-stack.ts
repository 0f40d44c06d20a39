import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { cloudhsm, sts } from '../../src';

/** A cluster whose denials are told in full: CloudHSM calls Amazon EC2, which encodes why it refuses. */
export class ExplainedStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
    new cloudhsm.Cluster(this, 'Vault', { vpc, hsmCount: 0, removalPolicy: RemovalPolicy.DESTROY });
    sts.Denials.explain(this);
  }
}
