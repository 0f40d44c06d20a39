import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { sts } from '../../src';

export interface FederationStackProps extends StackProps {
  /** What the identity provider of the company says of itself. */
  readonly samlMetadata: string;
}

/** Who comes into the account from elsewhere, each in the way that fits: builds, staff, guests, customers and operators. */
export class FederationStack extends Stack {
  constructor(scope: Construct, id: string, props: FederationStackProps) {
    super(scope, id, props);
    const readsMonitors = new iam.PolicyStatement({ actions: ['rum:ListAppMonitors'], resources: ['*'] });

    // AssumeRoleWithWebIdentity: builds of one branch of one repository.
    const builds = new iam.CfnOIDCProvider(this, 'Builds', {
      url: 'https://ci.example.com',
      clientIdList: ['sts.amazonaws.com'],
    });
    const release = new sts.WebIdentityRole(this, 'Release', {
      provider: builds,
      issuer: 'https://ci.example.com',
      audiences: ['sts.amazonaws.com'],
      subjects: ['repo:shop/site:ref:refs/heads/main'],
    });
    release.addToPolicy(readsMonitors);

    // AssumeRoleWithSAML: the staff, by the directory of the company.
    const directory = new iam.SamlProvider(this, 'Directory', {
      metadataDocument: iam.SamlMetadataDocument.fromXml(props.samlMetadata),
    });
    const staff = new sts.SamlRole(this, 'Staff', { providers: [directory] });
    staff.addToPolicy(readsMonitors);

    // AssumeRoleWithWebIdentity, by Amazon Cognito: visitors of a page.
    const pool = new cognito.CfnIdentityPool(this, 'Visitors', { allowUnauthenticatedIdentities: true });
    const guests = new sts.GuestRole(this, 'Guests', { identityPoolId: pool.ref });
    new cognito.CfnIdentityPoolRoleAttachment(this, 'VisitorRoles', {
      identityPoolId: pool.ref,
      roles: { unauthenticated: guests.roleArn },
    });

    // GetFederationToken: customers, of whom only our own server knows.
    const broker = new sts.FederationBroker(this, 'Broker', {
      federatedUserNames: ['customer-*'],
      permissions: [readsMonitors],
    });

    // GetSessionToken: operators, who show a code of their device once an hour.
    const operators = new iam.Group(this, 'Operators');
    operators.addToPolicy(readsMonitors);
    const ann = new iam.User(this, 'Ann', { groups: [operators] });
    const device = new iam.CfnVirtualMFADevice(this, 'AnnsDevice', { users: [ann.userName] });
    new sts.MfaSession(this, 'Mfa', { groups: [operators], maxAge: Duration.hours(1) });

    new CfnOutput(this, 'ReleaseRole', { value: release.roleArn });
    new CfnOutput(this, 'StaffRole', { value: staff.roleArn });
    new CfnOutput(this, 'DirectoryArn', { value: directory.samlProviderArn });
    new CfnOutput(this, 'VisitorPool', { value: pool.ref });
    new CfnOutput(this, 'BrokerUser', { value: broker.user.userName });
    new CfnOutput(this, 'CustomerPolicy', { value: broker.sessionPolicy });
    new CfnOutput(this, 'Operator', { value: ann.userName });
    new CfnOutput(this, 'OperatorDevice', { value: device.attrSerialNumber });
  }
}
