import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnIdentityPool } from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { rum, sts } from '../../src';
import { expectCompiledSamples } from '../support/readme';
import { MONITOR, testApp } from '../support/synthesis';

const providerArn = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';
const directoryArn = 'arn:aws:iam::111111111111:saml-provider/Directory';

/** The samples of the README that need no other stack, in the order in which they stand there. */
class ReadmeStack extends Stack {
  constructor() {
    super(testApp(), 'Readme');
    const pool = new CfnIdentityPool(this, 'Pool', { allowUnauthenticatedIdentities: true });
    const monitorArn = 'arn:aws:rum:eu-west-1:111111111111:appmonitor/shop';
    const people = new iam.Group(this, 'People');

    new rum.AppMonitor(this, 'Shop', {
      domain: 'shop.example.com',
      assumeRole: sts.RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/shop-monitoring', {
        externalId: 'monitoring-of-shop',
        region: 'eu-west-1',
      }),
    });

    const hub = sts.RoleAssumption.fromRoleArn('arn:aws:iam::333333333333:role/hub', { externalId: 'shop' });

    new rum.AppMonitor(this, 'Mall', {
      domain: 'mall.example.com',
      assumeRole: sts.RoleAssumption.fromRoleArn('arn:aws:iam::444444444444:role/member', { via: hub }),
    });

    new sts.DelegatedRole(this, 'Monitoring', {
      roleName: 'shop-monitoring',
      externalId: 'monitoring-of-shop',
      manages: [
        rum.AppMonitor.requiredPermissionsFor({ account: '111111111111', stackName: 'Shop', region: 'eu-west-1' }),
      ],
    });

    const guests = new sts.GuestRole(this, 'Guests', { identityPoolId: pool.ref });
    guests.addToPolicy(new iam.PolicyStatement({ actions: ['rum:PutRumEvents'], resources: [monitorArn] }));

    new sts.WebIdentityRole(this, 'Builds', {
      provider: iam.OidcProviderNative.fromOidcProviderArn(this, 'GitHub', providerArn),
      issuer: 'https://token.actions.githubusercontent.com',
      audiences: ['sts.amazonaws.com'],
      subjects: ['repo:acme/shop:ref:refs/heads/main'],
    });

    new sts.SamlRole(this, 'Staff', {
      providers: [iam.SamlProvider.fromSamlProviderArn(this, 'Directory', directoryArn)],
      signInRegions: ['eu-west-1'],
      conditions: { StringEquals: { 'SAML:iss': 'https://idp.acme.example' } },
    });

    const broker = new sts.FederationBroker(this, 'Broker', {
      federatedUserNames: ['guest-*'],
      permissions: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/*'] })],
    });

    new CfnOutput(this, 'SessionPolicy', { value: broker.sessionPolicy });

    new sts.MfaSession(this, 'Mfa', { maxAge: Duration.hours(8), groups: [people] });

    new iam.Role(this, 'Operator', {
      assumedBy: new iam.AccountRootPrincipal().withConditions(sts.MfaSession.conditions(Duration.hours(1))),
    });

    sts.Denials.explain(this); // or an app, or a stage
  }
}

/** The sample with a stack for each account. */
function twoAccounts(memberStack: Stack, shopStack: Stack): void {
  const role = new sts.DelegatedRole(memberStack, 'Monitoring', { externalId: 'monitoring-of-shop' });

  const monitor = new rum.AppMonitor(shopStack, 'Monitor', {
    domain: 'shop.example.com',
    assumeRole: role.assumption(),
  });

  role.allowManaging(monitor);

  role.allowManaging(
    rum.AppMonitor.requiredPermissionsFor({ account: '111111111111', stackName: 'Shop', region: 'eu-west-1' }),
  );
}

test('the samples of the README are those that are compiled here', () => {
  expectCompiledSamples('sts', __filename);
});

test('the samples of the README make two monitors elsewhere, and the roles', () => {
  const template = Template.fromStack(new ReadmeStack());
  template.resourceCountIs(MONITOR, 2);
  for (const description of ['For guests of an identity pool', 'For users of a SAML provider']) {
    template.hasResourceProperties('AWS::IAM::Role', { Description: description });
  }
});

test('the sample with a stack for each account orders the two', () => {
  const app = testApp();
  const inAccount = (account: string) => new Stack(app, `Of${account}`, { env: { account, region: 'eu-west-1' } });
  const [member, shop] = [inAccount('222222222222'), inAccount('111111111111')];
  twoAccounts(member, shop);
  app.synth();
  expect(shop.dependencies).toEqual([member]);
});
