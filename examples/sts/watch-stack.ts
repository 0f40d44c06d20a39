import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { rum, type sts } from '../../src';

export interface WatchStackProps extends StackProps {
  /** With which the account of the workload is entered. */
  readonly workload: sts.DelegatedRole;
  /** @default - what the role itself says */
  readonly assumption?: sts.RoleAssumption;
  /** @default 0.1 */
  readonly sessionSampleRate?: number;
}

/** In the account that watches: the app monitor stands in the account of the workload, where its data belong. */
export class WatchStack extends Stack {
  readonly shop: rum.AppMonitor;

  constructor(scope: Construct, id: string, props: WatchStackProps) {
    super(scope, id, props);
    this.shop = new rum.AppMonitor(this, 'Shop', {
      domain: 'shop.example.com',
      sessionSampleRate: props.sessionSampleRate,
      assumeRole: props.assumption ?? props.workload.assumption(),
    });
    props.workload.allowManaging(this.shop);
  }
}
