import { CfnParameter, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  Activation,
  BackupSource,
  CertificateAuthority,
  Cluster,
  ClusterMode,
  type ClusterProps,
  HsmType,
  NetworkType,
} from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import { CLUSTER, clusterWith, HSM, INITIALIZATION, irishStack, templateOf, vpcWithZones } from '../support/clusters';
import { type Json, messageOf, onlyResource, resourcesOf, testStack } from '../support/synthesis';

function propertiesWith(props: Partial<ClusterProps>): Json {
  return onlyResource(templateOf(clusterWith(props)), CLUSTER).Properties;
}

const BACKUP = 'backup-abcdefghijk';

describe('the custom resource of the cluster', () => {
  test('has explicit values for everything that has a default', () => {
    expect(propertiesWith({})).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      SubnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
      HsmType: 'hsm2m.medium',
      Mode: 'FIPS',
      NetworkType: 'IPV4',
      BackupRetentionDays: 90,
      MigrateHsmType: false,
      DeleteBackups: false,
    });
  });

  const cases: Array<[keyof ClusterProps, Partial<ClusterProps>, Record<string, unknown>]> = [
    ['hsmType', { hsmType: HsmType.HSM1_MEDIUM }, { HsmType: 'hsm1.medium', Mode: 'FIPS' }],
    ['hsmType', { hsmType: HsmType.of('hsm3.large') }, { HsmType: 'hsm3.large' }],
    ['allowHsmTypeMigration', { allowHsmTypeMigration: true }, { MigrateHsmType: true }],
    ['mode', { mode: ClusterMode.NON_FIPS }, { Mode: 'NON_FIPS' }],
    ['networkType', { networkType: NetworkType.DUALSTACK }, { NetworkType: 'DUALSTACK' }],
    ['backupRetention', { backupRetention: Duration.days(7) }, { BackupRetentionDays: 7 }],
    ['backupRetention', { backupRetention: Duration.hours(379 * 24) }, { BackupRetentionDays: 379 }],
    ['restoreFrom', { restoreFrom: BackupSource.id(BACKUP) }, { SourceBackup: BACKUP }],
    [
      'restoreFrom',
      { restoreFrom: BackupSource.arn(`arn:aws:cloudhsm:eu-west-1:222222222222:backup/${BACKUP}`) },
      { SourceBackup: `arn:aws:cloudhsm:eu-west-1:222222222222:backup/${BACKUP}` },
    ],
    ['deleteBackups', { removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true }, { DeleteBackups: true }],
    ['tags', { tags: { team: 'web' } }, { Tags: [{ Key: 'team', Value: 'web' }] }],
  ];
  test.each(cases)('gets %s from %j', (_, props, expected) => {
    expect(propertiesWith(props)).toMatchObject(expected);
  });

  test('is restored from the latest backup of another cluster', () => {
    const stack = irishStack();
    const restoreFrom = BackupSource.latestOf(Cluster.fromClusterId(stack, 'Old', 'cluster-abcdefghijk'));
    new Cluster(stack, 'Cluster', { vpc: vpcWithZones(stack, 1), restoreFrom });
    expect(onlyResource(Template.fromStack(stack), CLUSTER).Properties.SourceBackup).toBe('latest:cluster-abcdefghijk');
  });

  test('is managed with a role, and so are its HSM and its initialization', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm', { region: 'us-east-1' });
    const initialization = CertificateAuthority.external();
    const cluster = clusterWith({ assumeRole, initialization });
    const template = templateOf(cluster);
    for (const type of [CLUSTER, HSM, INITIALIZATION]) {
      expect(onlyResource(template, type).Properties.AssumeRole).toMatchObject({ RoleArn: assumeRole.roleArn });
    }
    expect(cluster.env).toEqual({ account: '222222222222', region: 'us-east-1' });
    template.resourceCountIs('AWS::CodeBuild::Project', 0);
  });
});

describe('tags', () => {
  const tagged = clusterWith({ tags: { team: 'web' } });
  Tags.of(Stack.of(tagged)).add('stage', 'test');
  const template = templateOf(tagged);

  test('of the stack reach the cluster', () => {
    expect(onlyResource(template, CLUSTER).Properties.Tags).toEqual([
      { Key: 'stage', Value: 'test' },
      { Key: 'team', Value: 'web' },
    ]);
  });

  test('do not reach what carries none in AWS', () => {
    for (const type of [HSM, INITIALIZATION])
      expect(onlyResource(template, type).Properties).not.toHaveProperty('Tags');
  });

  test('that come by Tags.of() are checked at synthesis', () => {
    const cluster = clusterWith();
    Tags.of(cluster).add('what?', 'value');
    expect(messageOf(() => templateOf(cluster))).toContain(
      `tags key must consist of letters, digits, spaces and _.:/=+-@, got "what?"; where Tags.of(…).add() is meant for other resources, pass it excludeResourceTypes: ['${CLUSTER}']`,
    );
  });
});

describe('the removal policy', () => {
  const kept = ['AWS::KMS::Key', 'AWS::SecretsManager::Secret', CLUSTER];

  test('keeps the cluster, its key and its password by default, but not what a failed creation has made', () => {
    const template = templateOf(clusterWith());
    for (const type of kept) {
      expect(onlyResource(template, type)).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  test.each(['the property', 'applyRemovalPolicy'])('DESTROY by %s removes all of them', (way) => {
    const removalPolicy = RemovalPolicy.DESTROY;
    const cluster = clusterWith(way === 'the property' ? { removalPolicy } : {});
    if (way !== 'the property') cluster.applyRemovalPolicy(removalPolicy);
    const template = templateOf(cluster);
    for (const type of kept) expect(onlyResource(template, type).DeletionPolicy).toBe('Delete');
  });

  test('removes HSMs in any case, since they cost money', () => {
    expect(onlyResource(templateOf(clusterWith()), HSM).DeletionPolicy).toBe('Delete');
  });

  test('cannot be changed to RETAIN where the backups are to be deleted', () => {
    const cluster = clusterWith({ removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true });
    expect(messageOf(() => cluster.applyRemovalPolicy(RemovalPolicy.RETAIN))).toBe(
      'Stack/Cluster: deleteBackups needs removalPolicy DESTROY, got "retain"; leave deleteBackups out',
    );
  });
});

describe('validation', () => {
  const tags = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`key${index}`, 'value']));
  const placements = (count: number) => Array.from({ length: count }, () => ({ availabilityZone: 'eu-west-1a' }));
  const restoreFrom = BackupSource.id(BACKUP);
  const cases: Array<[string, Partial<ClusterProps>]> = [
    ['pass either hsmCount or hsms, got both', { hsmCount: 1, hsms: [] }],
    ['hsmCount must be from 0 to 28, got 29', { hsmCount: 29 }],
    ['hsmCount must be from 0 to 28, got -1', { hsmCount: -1 }],
    ['hsmCount must be a whole number known at synthesis, got 1.5', { hsmCount: 1.5 }],
    ['hsms must have 0 to 28 entries, got "29 entries"', { hsms: placements(29) }],
    ['backupRetention must be from 7 to 379 days, got 6', { backupRetention: Duration.days(6) }],
    ['backupRetention must be from 7 to 379 days, got 380', { backupRetention: Duration.days(380) }],
    ['backupRetention must be whole days, got 7.5', { backupRetention: Duration.hours(180) }],
    [
      'mode must be FIPS with hsm1.medium; use HsmType.HSM2M_MEDIUM for NON_FIPS, got "NON_FIPS"',
      { mode: ClusterMode.NON_FIPS, hsmType: HsmType.HSM1_MEDIUM },
    ],
    [
      'deleteBackups needs removalPolicy DESTROY: a cluster that is kept keeps its backups',
      { deleteBackups: true, removalPolicy: RemovalPolicy.RETAIN },
    ],
    ['deleteBackups needs removalPolicy DESTROY: a cluster that is kept keeps its backups', { deleteBackups: true }],
    ['restoreFrom excludes initialization and activation', { restoreFrom, activation: Activation.none() }],
    ['restoreFrom excludes initialization and activation', { restoreFrom, initialization: CertificateAuthority.kms() }],
    ['tags must have 0 to 18 entries, got "19 entries"', { tags }],
    ['tags key "aws:x" is reserved by AWS', { tags: { 'aws:x': '1' } }],
    ['tags key "cdk-settled:x" is reserved', { tags: { 'cdk-settled:x': '1' } }],
    ['tags value of "a" must consist of letters, digits, spaces and _.:/=+-@, got "?"', { tags: { a: '?' } }],
    [
      'hsms gives the address 10.0.0.4 more than once; each HSM has its own',
      {
        hsms: [
          { availabilityZone: 'eu-west-1a', ipAddress: '10.0.0.4' },
          { availabilityZone: 'eu-west-1a', ipAddress: '10.0.0.4' },
        ],
      },
    ],
  ];
  test.each(cases)('says: %s', (message, props) => {
    expect(messageOf(() => clusterWith(props))).toContain(message);
  });

  test('says all of it at once, with the path', () => {
    expect(messageOf(() => clusterWith({ hsmCount: 29, backupRetention: Duration.days(1) }))).toBe(
      'Stack/Cluster: hsmCount must be from 0 to 28, got 29; backupRetention must be from 7 to 379 days, got 1',
    );
  });

  test('takes what is just allowed', () => {
    const eighteen = Object.fromEntries(Object.entries(tags).slice(1));
    expect(() => clusterWith({ hsmCount: 28, tags: eighteen, backupRetention: Duration.days(379) })).not.toThrow();
  });

  test.each(['', 'medium', 'hsm2m', 'HSM2m.medium', `hsm2m.${'m'.repeat(30)}`, 'hsm2m.medium\n'])(
    'refuses the HSM type %j',
    (name) => {
      expect(messageOf(() => HsmType.of(name))).toContain('cloudhsm.HsmType: name must');
    },
  );

  test.each(['backup-1', 'backup-abcdefghijk1', 'cluster-abcdefghijk'])('refuses the backup id %j', (id) => {
    expect(messageOf(() => BackupSource.id(id))).toContain('id must be the id of a backup, backup-…');
  });

  test('refuses an id where an ARN is meant', () => {
    expect(messageOf(() => BackupSource.arn(BACKUP))).toContain('arn must be the ARN of a backup');
  });

  test('leaves tokens to the service', () => {
    const stack = irishStack();
    const restoreFrom = BackupSource.id(new CfnParameter(stack, 'Backup').valueAsString);
    new Cluster(stack, 'Cluster', { vpc: vpcWithZones(stack, 1), restoreFrom });
    expect(onlyResource(Template.fromStack(stack), CLUSTER).Properties.SourceBackup).toEqual({ Ref: 'Backup' });
  });
});

test('hsm1.medium is warned of, and hsm2m.medium is not', () => {
  const warnings = (props: Partial<ClusterProps>) =>
    Annotations.fromStack(Stack.of(clusterWith(props))).findWarning(
      '*',
      Match.stringLikeRegexp('hsm1.medium is deprecated'),
    );
  expect(warnings({ hsmType: HsmType.HSM1_MEDIUM })).toHaveLength(1);
  expect(warnings({})).toEqual([]);
});

describe('the subnets', () => {
  test('are one of each zone, of those with NAT if there are such', () => {
    const stack = testStack();
    const cluster = new Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
    expect(cluster.subnets.map(({ node }) => node.path)).toEqual([
      'Stack/Vpc/PrivateSubnet1',
      'Stack/Vpc/PrivateSubnet2',
    ]);
  });

  test('are those of the zones that are named, in their order', () => {
    const cluster = clusterWith({ availabilityZones: ['eu-west-1c', 'eu-west-1a'] });
    expect(cluster.subnetByZone).toEqual({ 'eu-west-1c': 'subnet-c', 'eu-west-1a': 'subnet-a' });
    expect(propertiesWith({ availabilityZones: ['eu-west-1c'] }).SubnetIds).toEqual(['subnet-c']);
  });

  test('are one of a zone even where the VPC has several', () => {
    const stack = irishStack();
    const vpc = crowdedVpc(stack);
    expect(new Cluster(stack, 'Cluster', { vpc }).subnets.map(({ subnetId }) => subnetId)).toEqual(['subnet-1']);
  });

  test('that are selected must be one of each zone: the error names the zone and the subnets', () => {
    const stack = irishStack();
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
    expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc: crowdedVpc(stack), vpcSubnets }))).toBe(
      'Stack/Cluster: 2 subnets are selected in zone eu-west-1a (subnet-1, subnet-2), but CloudHSM takes one subnet for each zone; add onePerAz: true to vpcSubnets, or select one of them',
    );
  });

  test('are at most ten: the error names all of them', () => {
    expect(messageOf(() => clusterWith({}, 11))).toMatch(
      /^Stack\/Cluster: 11 zones are selected, but a cluster takes at most 10; name the ones to use in availabilityZones; there are eu-west-1a \(subnet-a\), .*eu-west-1k \(subnet-k\)$/,
    );
    expect(() => clusterWith({}, 10)).not.toThrow();
  });

  test('must be in the zones that are named: the error names what there is', () => {
    expect(messageOf(() => clusterWith({ availabilityZones: ['eu-west-1z'] }, 2))).toBe(
      'Stack/Cluster: availabilityZones names eu-west-1z, where no subnet is selected; there are eu-west-1a (subnet-a), eu-west-1b (subnet-b)',
    );
  });

  test('cannot be chosen by zone in a stack whose zones have no names', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc, availabilityZones: ['eu-west-1a'] }))).toContain(
      "the stack's zones have no names yet: give it an env with account and region",
    );
    const availabilityZones = [vpc.availabilityZones[1]!];
    expect(new Cluster(stack, 'Other', { vpc, availabilityZones }).subnets).toHaveLength(1);
  });

  test.each([
    [['eu-west-1a', 'eu-west-1a'], 'availabilityZones names eu-west-1a twice; name each zone once'],
    [[], 'no subnet is selected'],
  ])('of the zones %j are an error', (availabilityZones, message) => {
    expect(messageOf(() => clusterWith({ availabilityZones }))).toContain(message);
  });

  function crowdedVpc(stack: Stack): ec2.IVpc {
    return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
  }
});

describe('attributes', () => {
  const cluster = clusterWith({ hsmCount: 2 });
  const stack = Stack.of(cluster);
  const template = templateOf(cluster);
  const [clusterLogicalId] = Object.keys(template.findResources(CLUSTER));

  test.each([
    ['clusterId', 'ClusterId'],
    ['clusterState', 'State'],
    ['vpcId', 'VpcId'],
    ['subnetMapping', 'SubnetMapping'],
  ] as const)('%s is %s of the resource', (name, attribute) => {
    expect(stack.resolve(cluster[name])).toEqual({ 'Fn::GetAtt': [clusterLogicalId, attribute] });
  });

  test('securityGroup is the one that CloudHSM makes', () => {
    expect(stack.resolve(cluster.securityGroup.securityGroupId)).toEqual({
      'Fn::GetAtt': [clusterLogicalId, 'SecurityGroupId'],
    });
  });

  test('logGroup is named after the cluster', () => {
    expect(stack.resolve(cluster.logGroup.logGroupName)).toEqual({
      'Fn::Join': ['', ['/aws/cloudhsm/', { 'Fn::GetAtt': [clusterLogicalId, 'ClusterId'] }]],
    });
  });

  test('hsmAddresses are those of the HSMs', () => {
    const ids = Object.keys(template.findResources(HSM));
    expect(stack.resolve(cluster.hsmAddresses)).toEqual(ids.map((id) => ({ 'Fn::GetAtt': [id, 'IpAddress'] })));
  });

  test('hsms tell their interface, id and state', () => {
    const [first] = cluster.hsms;
    const attributes = [first!.hsmEniId, first!.hsmId, first!.hsmState];
    expect(stack.resolve(attributes).map((value: Json) => value['Fn::GetAtt'][1])).toEqual(['EniId', 'HsmId', 'State']);
  });
});

describe('connections', () => {
  test('let clients in on the ports of the HSMs', () => {
    const cluster = clusterWith();
    const client = new ec2.SecurityGroup(Stack.of(cluster), 'Client', { vpc: cluster.vpc });
    cluster.connections.allowDefaultPortFrom(client);
    expect(onlyResource(templateOf(cluster), 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({
      FromPort: 2223,
      ToPort: 2225,
      IpProtocol: 'tcp',
      GroupId: { 'Fn::GetAtt': [expect.any(String), 'SecurityGroupId'] },
    });
  });

  test('need a rule for what goes out, since CloudHSM takes away the one for everything', () => {
    const cluster = clusterWith();
    cluster.connections.allowTo(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443));
    expect(resourcesOf(templateOf(cluster), 'AWS::EC2::SecurityGroupEgress')).toHaveLength(1);
  });
});
