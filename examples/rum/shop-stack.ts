import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { rum } from '../../src';

export interface ShopStackProps extends StackProps {
  /** @default 0.1 */
  readonly sessionSampleRate?: number;
  /** @default - guests of a new Cognito identity pool send the data of the blog */
  readonly blogAuthorization?: rum.Authorization;
  /** A name of your own choice for one more app monitor. */
  readonly campaignMonitorName?: string;
}

/** Real-user monitoring for a shop and its blog. */
export class ShopStack extends Stack {
  readonly shop: rum.AppMonitor;
  readonly blog: rum.AppMonitor;

  constructor(scope: Construct, id: string, props: ShopStackProps = {}) {
    super(scope, id, props);

    this.shop = new rum.AppMonitor(this, 'Shop', {
      domain: 'shop.example.com',
      sessionSampleRate: props.sessionSampleRate,
      cwLogEnabled: true,
      excludedPages: ['https://shop.example.com/checkout'],
      tags: { team: 'storefront' },
    });

    this.blog = new rum.AppMonitor(this, 'Blog', {
      domainList: ['blog.example.com', '*.blog.example.com'],
      telemetries: [rum.Telemetry.ERRORS, rum.Telemetry.PERFORMANCE],
      authorization: props.blogAuthorization,
    });

    if (props.campaignMonitorName !== undefined) {
      new rum.AppMonitor(this, 'Campaign', {
        appMonitorName: props.campaignMonitorName,
        domain: 'campaign.example.com',
        authorization: rum.Authorization.none(),
      });
    }

    new CfnOutput(this, 'ShopScriptTag', { value: this.shop.webClient.scriptTag });
    new CfnOutput(this, 'ShopLogGroup', { value: this.shop.logGroup.logGroupName });
  }
}
