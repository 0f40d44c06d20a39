import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { type Construct, Dependable, type IConstruct, type IDependable } from 'constructs';

/**
 * What a build needs from inside the VPC: the command-line tool comes from S3, its log, trust anchor and password from and
 * to these services, and CodeBuild itself drives it.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/use-vpc-endpoints-with-codebuild.html
 */
const SERVICES = ['s3', 'logs', 'ssm', 'secretsmanager', 'codebuild'];

/** Says at synthesis, when all endpoints are known, why a build could not reach what it needs. */
export function checkReachability(scope: Construct, vpc: ec2.IVpc, subnets: readonly ec2.ISubnet[]): void {
  const cut = subnets.map((subnet) => ({ subnet, why: cutOff(vpc, subnet) })).filter(({ why }) => why !== undefined);
  if (cut.length === 0) return;
  const explanation = () => {
    const missing = missingServices(scope, vpc);
    return missing.length === 0 ? undefined : explain(cut, missing);
  };
  if (!(vpc instanceof ec2.Vpc)) {
    // Made elsewhere, where it may have the endpoints.
    const text = explanation();
    if (text !== undefined) Annotations.of(scope).addWarningV2('cdk-settled:cloudhsm-activation-network', text);
    return;
  }
  scope.node.addValidation({ validate: () => [explanation() ?? []].flat() });
}

/** Why there is no NAT for a subnet; undefined where there is, or may be. */
function cutOff(vpc: ec2.IVpc, { subnetId }: ec2.ISubnet): string | undefined {
  const among = (subnets: ec2.ISubnet[]) => subnets.some((subnet) => subnet.subnetId === subnetId);
  if (among(vpc.isolatedSubnets)) return 'isolated';
  // A build gets no public address: the internet gateway is of no use to it.
  return among(vpc.publicSubnets) ? 'public, and CodeBuild gives builds no public address' : undefined;
}

function explain(cut: ReadonlyArray<{ subnet: ec2.ISubnet; why?: string }>, missing: string[]): string {
  const subnets = cut.map(({ subnet, why }) => `${subnet.node.path} (${why})`).join(', ');
  return (
    `the build that activates the cluster cannot reach ${missing.join(', ')} from ${subnets}: ` +
    'there is no NAT and no VPC endpoint; run it in subnets with NAT by Activation.codeBuild({ vpcSubnets }), ' +
    'add the endpoints to the VPC, or use Activation.none()'
  );
}

function missingServices(scope: Construct, vpc: ec2.IVpc): string[] {
  const names = endpointsOf(scope, vpc).map(({ serviceName }) => JSON.stringify(Stack.of(scope).resolve(serviceName)));
  return SERVICES.filter((service) => !names.some((name) => name.includes(`.${service}"`)));
}

/** The endpoints of a VPC, wherever they stand in the app. */
function endpointsOf(scope: IConstruct, vpc: ec2.IVpc): ec2.CfnVPCEndpoint[] {
  return scope.node.root.node
    .findAll()
    .filter((construct): construct is ec2.CfnVPCEndpoint => isEndpoint(construct) && construct.vpcId === vpc.vpcId);
}

function isEndpoint(construct: IConstruct): construct is ec2.CfnVPCEndpoint {
  return (
    CfnResource.isCfnResource(construct) &&
    construct.cfnResourceType === ec2.CfnVPCEndpoint.CFN_RESOURCE_TYPE_NAME &&
    'vpcId' in construct
  );
}

/** What a build must find in place, and what must outlive it: routes to the internet, and the endpoints of the VPC. */
export function connectivityOf(scope: Construct, vpc: ec2.IVpc, subnets: readonly ec2.ISubnet[]): IDependable[] {
  const endpoints: IDependable = {};
  // Asked for when all of them are known.
  Dependable.implement(endpoints, {
    get dependencyRoots() {
      return endpointsOf(scope, vpc).filter((endpoint) => Stack.of(endpoint) === Stack.of(scope));
    },
  });
  return [...subnets.map(({ internetConnectivityEstablished }) => internetConnectivityEstablished), endpoints];
}
