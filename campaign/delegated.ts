import { CfnOutput, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { cloudhsm, macie, macieclassic, performanceinsights, rum, sts } from '../src';
import { type Build, enableMacie, makeCluster, makeDatabase, type Outputs, type Watch } from './builds';
import { ELSEWHERE, HERE, STACK_NAME } from './places';

const MANAGER = { ...HERE, stackName: STACK_NAME };
const ROLE_NAME = 'managed-from-here';
const EXTERNAL_ID = 'campaign';

/** How the stacks here manage what is elsewhere. The role is known by its name: it stands in an app of its own. */
export const THERE = sts.RoleAssumption.fromRoleArn(`arn:aws:iam::${ELSEWHERE.account}:role/${ROLE_NAME}`, {
  externalId: EXTERNAL_ID,
});

/** The other side. */
function delegate(stack: Stack, ...manages: sts.IDelegable[]): void {
  new sts.DelegatedRole(stack, 'Role', { roleName: ROLE_NAME, externalId: EXTERNAL_ID, manages });
}

export const monitoring: Build = (stack) => {
  delegate(stack, rum.AppMonitor.requiredPermissionsFor(MANAGER, { cwLogEnabled: true }));
};

export const associating: Build = (stack) => {
  delegate(
    stack,
    macieclassic.MemberAccountAssociation.requiredPermissionsFor(MANAGER),
    macieclassic.S3ResourceAssociations.requiredPermissionsFor(MANAGER),
    macieclassic.S3ResourceAssociation.requiredPermissionsFor(MANAGER),
  );
};

export const classifying: Build = (stack) => {
  enableMacie(stack);
  delegate(stack, macie.ClassificationJob.requiredPermissionsFor(MANAGER));
};

export const watching: Build = (stack) => {
  const { attrDbiResourceId: resourceId, ref: instanceIdentifier } = makeDatabase(stack);
  const options = { resourceId, instanceIdentifier };
  delegate(
    stack,
    performanceinsights.Alarm.requiredPermissionsFor(MANAGER, options),
    performanceinsights.TopKeysNotification.requiredPermissionsFor(MANAGER, options),
  );
  putOut(stack, { ResourceId: resourceId });
};

/** What watches the database that {@link watching} has made. */
export const databaseElsewhere =
  (watch: Watch): Build =>
  (stack, { ResourceId = '' }) => {
    const options = { instanceIdentifier: 'orders', assumeRole: THERE };
    watch(stack, performanceinsights.DataSource.fromResourceId(ResourceId, options));
  };

const ZONES = [`${ELSEWHERE.region}a`, `${ELSEWHERE.region}b`];
const PROJECT = 'activate-vault';

/** The network of the cluster, the key that signs its certificate, and the role. */
export const keeping: Build = (stack) => {
  const network = { availabilityZones: ZONES, natGateways: 1, restrictDefaultSecurityGroup: false };
  const vpc = new ec2.Vpc(stack, 'Vpc', network);
  const key = new kms.Key(stack, 'Key', {
    keySpec: kms.KeySpec.RSA_4096,
    keyUsage: kms.KeyUsage.SIGN_VERIFY,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const options = {
    deleteBackups: true,
    initialization: cloudhsm.CertificateAuthority.kms(key),
    activationProject: { projectName: PROJECT },
  };
  delegate(stack, cloudhsm.Cluster.requiredPermissionsFor(MANAGER, options));
  const [SubnetA = '', SubnetB = ''] = vpc.privateSubnets.map(({ subnetId }) => subnetId);
  putOut(stack, { VpcId: vpc.vpcId, SubnetA, SubnetB, KeyArn: key.keyArn });
};

/** The project that activates the cluster that is there now. */
export const activating: Build = (stack, known) => {
  new cloudhsm.ActivationProject(stack, 'Activation', {
    projectName: PROJECT,
    cluster: cloudhsm.Cluster.fromClusterAttributes(stack, 'Hsm', {
      clusterId: known.ClusterId!,
      securityGroupId: known.SecurityGroup!,
    }),
    vpc: vpcOf(stack, known),
    trustAnchorParameter: ssm.StringParameter.fromStringParameterName(stack, 'Anchor', known.TrustAnchor!),
    password: new secretsmanager.Secret(stack, 'Password', {
      removalPolicy: RemovalPolicy.DESTROY,
      generateSecretString: { passwordLength: 32, excludePunctuation: true },
    }),
  });
};

/** A cluster in the network that {@link keeping} has made: without activation, or with the project of {@link activating}. */
export const clusterElsewhere =
  (activation: 'none' | 'project'): Build =>
  (stack, known) => {
    const made = makeCluster(stack, {
      vpc: vpcOf(stack, known),
      assumeRole: THERE,
      initialization: cloudhsm.CertificateAuthority.kms(kms.Key.fromKeyArn(stack, 'Key', known.KeyArn!)),
      ...(activation === 'none'
        ? { activation: cloudhsm.Activation.none(), hsmCount: 1 }
        : { activation: activationBy(stack, PROJECT), hsmCount: 2 }),
    });
    putOut(stack, {
      ClusterId: made.clusterId,
      SecurityGroup: made.connections.securityGroups[0]!.securityGroupId,
      TrustAnchor: made.trustAnchorParameter!.parameterName,
    });
  };

function activationBy(stack: Stack, projectName: string): cloudhsm.Activation {
  return cloudhsm.Activation.project(cloudhsm.ActivationProject.fromProjectName(stack, 'Project', projectName));
}

function vpcOf(stack: Stack, { VpcId, SubnetA, SubnetB }: Outputs): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: VpcId!,
    availabilityZones: ZONES,
    privateSubnetIds: [SubnetA!, SubnetB!],
  });
}

function putOut(stack: Stack, values: Outputs): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
}
