import { Annotations, ArnFormat, Duration, Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { requiredBy, requiredFrom } from '../core/delegation';
import { known, placeOf } from '../core/place';
import { cleaningUpFailedCreations, SettledResource } from '../core/settled-resource';
import { tagProblemsOf } from '../core/tag-validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { Activation, type BoundActivation } from './activation';
import { KEY_CAPACITIES, makeClusterAlarms } from './alarm-factory';
import { type BoundCertificateAuthority, CertificateAuthority } from './certificate-authority';
import { ClusterActivation } from './cluster-activation';
import type { ClusterAlarmOptions, ClusterAlarms } from './cluster-alarms';
import { ClusterInitialization } from './cluster-initialization';
import type { ClusterAttributes, ICluster } from './cluster-interface';
import { ClusterMode } from './cluster-mode';
import type { AddHsmOptions, ClusterPermissionsOptions, ClusterProps, HsmPlacement } from './cluster-props';
import { chooseSubnets } from './cluster-subnets';
import { MAX_HSMS, MAX_TAGS, placeProblem, validateCluster } from './cluster-validation';
import { Hsm } from './hsm';
import { HsmType } from './hsm-type';
import { NetworkType } from './network-type';
import {
  actingThroughEc2,
  activationRequirement,
  CLOUDHSM_SERVICE,
  CLUSTER_TYPE,
  clusterRequirement,
  HSM_REQUIREMENT,
  initializationElsewhere,
  namedProject,
} from './provider';

/** Ports of the HSMs: https://docs.aws.amazon.com/cloudhsm/latest/userguide/configure-sg.html */
const HSM_PORTS = ec2.Port.tcpRange(2223, 2225);

/** What clusters of this app and clusters of elsewhere have in common. */
abstract class ClusterBase extends Resource implements ICluster {
  abstract readonly clusterId: string;
  abstract readonly clusterArn: string;
  /** Undefined where it is not known. */
  protected abstract readonly securityGroupId: string | undefined;

  private importedSecurityGroup?: ec2.ISecurityGroup;
  private importedLogGroup?: logs.ILogGroup;
  private ownConnections?: ec2.Connections;

  get securityGroup(): ec2.ISecurityGroup {
    if (this.securityGroupId === undefined) {
      throw new Error(
        `${this.node.path}: the security group of the cluster is not known; import it with Cluster.fromClusterAttributes() and its securityGroupId`,
      );
    }
    // CloudHSM takes away the rule that lets everything out: rules of `allowTo` are needed, and so are made.
    this.importedSecurityGroup ??= ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', this.securityGroupId, {
      allowAllOutbound: false,
    });
    return this.importedSecurityGroup;
  }

  get connections(): ec2.Connections {
    this.ownConnections ??= new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: HSM_PORTS });
    return this.ownConnections;
  }

  get logGroup(): logs.ILogGroup {
    this.importedLogGroup ??= logs.LogGroup.fromLogGroupName(this, 'LogGroup', `/aws/cloudhsm/${this.clusterId}`);
    return this.importedLogGroup;
  }

  grantDescribe(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups'],
      resourceArns: ['*'],
    }).combine(this.grantOnCluster(grantee, ['cloudhsm:ListTags']));
  }

  grantManage(grantee: iam.IGrantable): iam.Grant {
    const grants = [
      this.grantDescribe(grantee),
      this.grantOnCluster(grantee, [
        'cloudhsm:CreateHsm',
        'cloudhsm:InitializeCluster',
        'cloudhsm:ModifyCluster',
        'cloudhsm:TagResource',
        'cloudhsm:UntagResource',
      ]),
      iam.Grant.addToPrincipal({ grantee, actions: ['cloudhsm:DeleteHsm'], resourceArns: ['*'] }),
    ];
    for (const { actions, resources } of actingThroughEc2(this)) {
      grants.push(iam.Grant.addToPrincipal({ grantee, actions, resourceArns: resources }));
    }
    return grants.reduce((all, grant) => all.combine(grant));
  }

  private grantOnCluster(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.clusterArn] });
  }

  metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/CloudHSM',
      metricName,
      dimensionsMap: { ClusterId: this.clusterId },
      // Not those of the stack: an imported cluster, or one that is managed with a role, can be elsewhere.
      account: known(this.env.account),
      region: known(this.env.region),
      ...options,
    });
  }

  metricHsmUnhealthy(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmUnhealthy', options);
  }

  metricHsmTemperature(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmTemperature', options);
  }

  metricHsmKeysSessionOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmKeysSessionOccupied', options);
  }

  metricHsmKeysTokenOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmKeysTokenOccupied', options);
  }

  metricHsmSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmSessionCount', options);
  }

  metricHsmSslCtxsOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest('HsmSslCtxsOccupied', options);
  }

  metricHsmUsersAvailable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmUsersAvailable', { statistic: cloudwatch.Stats.MINIMUM, ...options });
  }

  private highest(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(metricName, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  addAlarms(options: ClusterAlarmOptions = {}): ClusterAlarms {
    return makeClusterAlarms(this, { ...this._alarmDefaults(), ...options });
  }

  /**
   * What the alarms know of the cluster where the options do not say it.
   *
   * @internal
   */
  _alarmDefaults(): ClusterAlarmOptions {
    return {};
  }
}

/**
 * A CloudHSM cluster that is ready when the deployment is complete: its first HSM is there, its certificate is signed, it is
 * initialized and active, and then the other HSMs are there too. Removed in the opposite order.
 *
 * @resource Custom::SettledCloudHsmCluster
 */
export class Cluster extends ClusterBase implements IDelegable {
  /** What a role needs so that a stack of another app can manage a cluster through it, with all that belongs to it. */
  static requiredPermissionsFor(manager: ManagingStack, options: ClusterPermissionsOptions = {}): DelegatedPermissions {
    const { deleteBackups = false, hsmCount = 1, initialization, activationProject } = options;
    return requiredFrom(
      manager,
      clusterRequirement({ deletesBackups: deleteBackups }),
      ...(hsmCount === 0 ? [] : [HSM_REQUIREMENT]),
      ...(initialization === undefined ? [] : [initializationElsewhere(initialization)]),
      ...(activationProject === undefined ? [] : [activationRequirement(namedProject(activationProject))]),
    );
  }

  /** A cluster in the account and region of the stack, by its id. Its security group is not known. */
  static fromClusterId(scope: Construct, id: string, clusterId: string): ICluster {
    return Cluster.fromClusterAttributes(scope, id, { clusterId });
  }

  /** A cluster that was made elsewhere. */
  static fromClusterAttributes(scope: Construct, id: string, attributes: ClusterAttributes): ICluster {
    const clusterArn = attributes.clusterArn ?? clusterArnOf(Stack.of(scope), attributes.clusterId);
    class Import extends ClusterBase {
      readonly clusterId = attributes.clusterId;
      readonly clusterArn = clusterArn;
      protected readonly securityGroupId = attributes.securityGroupId;
    }
    return new Import(scope, id, { environmentFromArn: clusterArn });
  }

  /** The VPC of the cluster. */
  readonly vpc: ec2.IVpc;

  /** The subnets of the cluster, one for each zone. */
  readonly subnets: ec2.ISubnet[];

  /** The password of the administrator `admin`; undefined where the cluster is not activated by a build. */
  readonly adminPassword?: secretsmanager.ISecret;

  private readonly resource: SettledResource;
  private readonly authority?: BoundCertificateAuthority;
  private readonly boundActivation?: BoundActivation;
  private readonly members: Hsm[] = [];
  private readonly props: ClusterProps;
  private ownInitialization?: ClusterInitialization;
  private ownActivation?: ClusterActivation;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    validateCluster(this.node.path, props);
    this.props = props;
    this.vpc = props.vpc;
    this.subnets = chooseSubnets(this.node.path, props);
    this.resource = this.makeResource(props);
    if (props.restoreFrom === undefined) {
      this.authority = this.bindAuthority(props);
      this.boundActivation = this.bindActivation(props);
      this.adminPassword = this.boundActivation?.password;
    }
    this.warnOfRetirement(props);
    for (const placement of placementsOf(props)) this.place(placement);
  }

  /**
   * State at the end of the last deployment that changed the cluster. It is taken before there are HSMs.
   *
   * @attribute
   */
  get clusterState(): string {
    return this.resource.getAttString('State');
  }

  get clusterId(): string {
    return this.resource.getAttString('ClusterId');
  }

  get clusterArn(): string {
    return clusterArnOf(this, this.clusterId);
  }

  /**
   * Id of the VPC, as CloudHSM says it.
   *
   * @attribute
   */
  get vpcId(): string {
    return this.resource.getAttString('VpcId');
  }

  /**
   * The subnet of each zone as a JSON object, as CloudHSM says it.
   *
   * @attribute
   */
  get subnetMapping(): string {
    return this.resource.getAttString('SubnetMapping');
  }

  /** The id of the subnet of each zone. In a stack whose account and region are not known, zones are tokens. */
  get subnetByZone(): { [availabilityZone: string]: string } {
    return Object.fromEntries(this.subnets.map(({ availabilityZone, subnetId }) => [availabilityZone, subnetId]));
  }

  /** The HSMs of the cluster in this app, in the order in which they were added. */
  get hsms(): Hsm[] {
    return [...this.members];
  }

  /** IPv4 addresses of the HSMs, for the configuration of clients. */
  get hsmAddresses(): string[] {
    return this.members.map(({ hsmIpAddress }) => hsmIpAddress);
  }

  /** The initialization; undefined with `restoreFrom` and without HSMs. */
  get initialization(): ClusterInitialization | undefined {
    return this.ownInitialization;
  }

  /** The activation; undefined with `restoreFrom`, without HSMs, and where there is none. */
  get activation(): ClusterActivation | undefined {
    return this.ownActivation;
  }

  /**
   * The parameter with the trust anchor, the root certificate (PEM) by which clients know the cluster. Undefined with
   * `restoreFrom` (it is that of the cluster of the backup), without HSMs, and while an external signature is missing.
   */
  get trustAnchorParameter(): ssm.IStringParameter | undefined {
    return this.ownInitialization?.trustAnchorParameter;
  }

  /**
   * The parameter with the certificate request (PEM) to sign. Undefined but with `CertificateAuthority.external()` without a
   * signed certificate, and with an HSM.
   */
  get certificateRequestParameter(): ssm.IStringParameter | undefined {
    return this.ownInitialization?.certificateRequestParameter;
  }

  /**
   * What a role needs to manage the cluster and what belongs to it, as a `DelegatedRole` takes it: HSMs, initialization and
   * activation. What is added later counts, too.
   */
  requiredPermissions(): DelegatedPermissions {
    return requiredBy(this, CLOUDHSM_SERVICE, this.props.assumeRole, () =>
      [this.resource, ...this.parts().map(({ _resource }) => _resource)].map(({ requirement }) => requirement),
    );
  }

  private parts(): Array<Hsm | ClusterInitialization | ClusterActivation> {
    return [...this.members, this.ownInitialization ?? [], this.ownActivation ?? []].flat();
  }

  /** Adds an HSM, after those that are there. */
  addHsm(id: string, options: AddHsmOptions = {}): Hsm {
    const availabilityZone = options.availabilityZone ?? this.emptiestZone();
    return new Hsm(this, id, { cluster: this, availabilityZone, ipAddress: options.ipAddress });
  }

  /**
   * Sets what becomes of the cluster when it is no longer in the stack, and of the signing key and the password that were
   * made for it, as the property `removalPolicy` does.
   */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    if (this.props.deleteBackups && policy !== RemovalPolicy.DESTROY) {
      throw new Error(
        `${this.node.path}: deleteBackups needs removalPolicy DESTROY, got "${policy}"; leave deleteBackups out`,
      );
    }
    this.resource.applyRemovalPolicy(policy);
    this.authority?.key?.applyRemovalPolicy(cleaningUpFailedCreations(policy));
    this.boundActivation?.ownPassword?.applyRemovalPolicy(cleaningUpFailedCreations(policy));
  }

  protected get securityGroupId(): string {
    return this.resource.getAttString('SecurityGroupId');
  }

  /**
   * @internal
   */
  get _assumeRole(): RoleAssumption | undefined {
    return this.props.assumeRole;
  }

  /**
   * @internal
   */
  override _alarmDefaults(): ClusterAlarmOptions {
    return {
      hsmCount: Lazy.number({ produce: () => this.members.length }),
      keyCapacity: KEY_CAPACITIES[typeOf(this.props).name],
    };
  }

  /**
   * The first HSM, then initialization, then activation, then the others: AWS refuses a second HSM before. Those of a zone
   * come one after the other, so that each knows its interface. CloudFormation deletes in the opposite order.
   *
   * @internal
   */
  _admit(hsm: Hsm, ipAddress: string | undefined): void {
    const problem = this.admissionProblem() ?? placeProblem(this.subnets, hsm.availabilityZone, ipAddress);
    if (problem !== undefined) throw new Error(`${hsm.node.path}: ${problem}`);
    const neighbour = this.membersIn(hsm.availabilityZone).pop();
    if (neighbour !== undefined) hsm._after(neighbour._resource);
    if (this.ownActivation !== undefined) hsm._after(this.ownActivation._resource);
    this.members.push(hsm);
    if (this.authority !== undefined && this.ownInitialization === undefined) this.initialize(hsm, this.authority);
  }

  private admissionProblem(): string | undefined {
    if (this.members.length >= MAX_HSMS) return `a cluster has at most ${MAX_HSMS} HSMs`;
    if (this.members.length === 0 || this.authority === undefined || this.boundActivation !== undefined)
      return undefined;
    const refusal = 'AWS refuses a second HSM before the cluster is activated';
    if (this.authority.unsigned) {
      return `${refusal}, and its certificate is not signed yet: deploy with one HSM, sign the certificate request, and add the others with CertificateAuthority.external({ signedCertificate, trustAnchor })`;
    }
    return `${refusal}, and ${this.activationReason()}: keep one HSM (hsmCount: 1)${this.activationRemedy()}`;
  }

  private activationReason(): string {
    return this.props.activation === undefined
      ? 'with assumeRole it is not activated'
      : 'Activation.none() leaves it without activation';
  }

  private activationRemedy(): string {
    return this.props.assumeRole === undefined
      ? ', or use Activation.codeBuild()'
      : ', deploy an ActivationProject in a stack of that place, and then use Activation.project()';
  }

  private initialize(first: Hsm, authority: BoundCertificateAuthority): void {
    const initialization = new ClusterInitialization(this, 'Initialization', {
      cluster: this,
      certificateAuthority: CertificateAuthority._of(authority),
    });
    initialization._after(first._resource);
    this.ownInitialization = initialization;
    if (this.boundActivation !== undefined) this.activate(initialization, this.boundActivation);
  }

  private activate(
    initialization: ClusterInitialization,
    { project, password, vpcSubnets, logRetention }: BoundActivation,
  ): void {
    const build = {
      vpc: this.vpc,
      vpcSubnets: vpcSubnets ?? { subnets: this.subnets },
      trustAnchorParameter: initialization._futureTrustAnchor,
      password,
      logRetention,
    };
    this.ownActivation = new ClusterActivation(this, 'Activation', {
      cluster: this,
      ...(project === undefined ? build : { project }),
    });
    this.ownActivation._after(initialization._resource);
  }

  private bindAuthority({ initialization, assumeRole }: ClusterProps): BoundCertificateAuthority {
    return (initialization ?? CertificateAuthority.kms())._bind(this, {
      removalPolicy: removalPolicyOf(this.props),
      elsewhere: assumeRole !== undefined,
    });
  }

  /** The password is made even without HSMs: it is that of the cluster, and a parked cluster wakes with it. */
  private bindActivation({ activation, assumeRole }: ClusterProps): BoundActivation | undefined {
    if (assumeRole === undefined) {
      if (this.authority?.unsigned) return undefined;
      return (activation ?? Activation.codeBuild())._bind(this, removalPolicyOf(this.props));
    }
    const bound = activation?._bind(this, removalPolicyOf(this.props));
    if (bound === undefined) return undefined;
    if (bound.project !== undefined) return this.authority?.unsigned ? undefined : bound;
    throw new Error(
      `${this.node.path}: activation cannot make a build in the account or region of assumeRole; deploy with Activation.none() and one HSM, then an ActivationProject in a stack of that place, and then use Activation.project()`,
    );
  }

  private makeResource(props: ClusterProps): SettledResource {
    return new SettledResource(this, 'Resource', {
      ...clusterRequirement({ deletesBackups: props.deleteBackups ?? false }),
      properties: {
        SubnetIds: this.subnets.map(({ subnetId }) => subnetId),
        HsmType: typeOf(props).name,
        Mode: props.mode ?? ClusterMode.FIPS,
        NetworkType: props.networkType ?? NetworkType.IPV4,
        BackupRetentionDays: (props.backupRetention ?? Duration.days(90)).toDays(),
        SourceBackup: props.restoreFrom?._forCluster(),
        MigrateHsmType: props.allowHsmTypeMigration ?? false,
        DeleteBackups: props.deleteBackups ?? false,
      },
      tags: props.tags,
      tagProblems: tagProblemsOf(CLUSTER_TYPE, MAX_TAGS),
      removalPolicy: removalPolicyOf(props),
      assumeRole: props.assumeRole,
    });
  }

  private warnOfRetirement(props: ClusterProps): void {
    if (typeOf(props).name !== HsmType.HSM1_MEDIUM.name) return;
    Annotations.of(this).addWarningV2(
      'cdk-settled:cloudhsm-hsm1',
      'hsm1.medium is deprecated: AWS announced its end of life for 2025-12-01; use HsmType.HSM2M_MEDIUM, on an existing cluster with allowHsmTypeMigration',
    );
  }

  /** Named by zone, so that hsmCount and hsms can take each other's place without replacing an HSM. */
  private place({ availabilityZone, ipAddress }: Partial<HsmPlacement>): void {
    const zone = availabilityZone ?? this.emptiestZone();
    const index = this.subnets.findIndex((subnet) => subnet.availabilityZone === zone);
    const ordinal = this.membersIn(zone).length;
    const name = index < 0 ? `HsmElsewhere${this.members.length + 1}` : `Hsm${index + 1}`;
    this.addHsm(ordinal === 0 ? name : `${name}x${ordinal + 1}`, { availabilityZone: zone, ipAddress });
  }

  private emptiestZone(): string {
    const zones = this.subnets.map(({ availabilityZone }) => availabilityZone);
    return zones.reduce((best, zone) => (this.membersIn(zone).length < this.membersIn(best).length ? zone : best));
  }

  private membersIn(zone: string): Hsm[] {
    return this.members.filter(({ availabilityZone }) => availabilityZone === zone);
  }
}

function placementsOf({ hsms, hsmCount = 1 }: ClusterProps): Array<Partial<HsmPlacement>> {
  return hsms ?? Array.from({ length: hsmCount }, () => ({}));
}

function typeOf({ hsmType = HsmType.HSM2M_MEDIUM }: ClusterProps): HsmType {
  return hsmType;
}

function removalPolicyOf({ removalPolicy = RemovalPolicy.RETAIN }: ClusterProps): RemovalPolicy {
  return removalPolicy;
}

/** In the account and region of the scope. */
function clusterArnOf(scope: Resource | Stack, clusterId: string): string {
  const { account, region } = scope.env;
  return Stack.of(scope).formatArn({
    service: 'cloudhsm',
    account,
    region,
    resource: 'cluster',
    resourceName: clusterId,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
