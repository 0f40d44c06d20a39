import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { sts } from '../../src';

/** In the account of the workload: what the account that watches over it may do there. */
export class WorkloadAccessStack extends Stack {
  readonly watch: sts.DelegatedRole;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    // Trust and permissions come with what is managed through it.
    this.watch = new sts.DelegatedRole(this, 'Watch', { externalId: 'shop-7d2f' });
  }
}
