import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Activation, BackupSource, CertificateAuthority, Cluster, type ClusterProps, Hsm } from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import {
  ACTIVATION,
  clusterWith,
  HSM,
  INITIALIZATION,
  irishStack,
  orderOf,
  templateOf,
  vpcWithZones,
} from '../support/clusters';
import { messageOf, onlyResource, resourcesOf, testStack } from '../support/synthesis';

const restoreFrom = BackupSource.id('backup-abcdefghijk');
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function order(props: Partial<ClusterProps>, zones = 3): Record<string, string[]> {
  return orderOf(templateOf(clusterWith(props, zones)));
}

function zones(props: Partial<ClusterProps>): string[] {
  const all = resourcesOf(templateOf(clusterWith(props)), HSM).map(({ Properties }) => Properties.AvailabilityZone);
  return all.map((zone: string) => zone.slice(-1));
}

describe('the order, in which CloudFormation creates, and in the opposite of which it deletes', () => {
  test('is: first HSM, initialization, activation', () => {
    expect(order({})).toEqual({ Hsm1: [], Initialization: ['Hsm1'], Activation: ['Initialization'] });
  });

  test('is then: the HSMs of the other zones at the same time', () => {
    expect(order({ hsmCount: 3 })).toMatchObject({ Hsm2: ['Activation'], Hsm3: ['Activation'] });
  });

  test('is within a zone: one after the other', () => {
    expect(order({ hsmCount: 5 }, 2)).toEqual({
      Hsm1: [],
      Initialization: ['Hsm1'],
      Activation: ['Initialization'],
      Hsm2: ['Activation'],
      Hsm1x2: ['Activation', 'Hsm1'],
      Hsm2x2: ['Activation', 'Hsm2'],
      Hsm1x3: ['Activation', 'Hsm1x2'],
    });
  });

  test('ends with the initialization where there is no activation', () => {
    expect(order({ activation: Activation.none() })).toEqual({ Hsm1: [], Initialization: ['Hsm1'] });
  });

  test('of a restored cluster is that of the zones alone: it is active', () => {
    expect(order({ restoreFrom, hsmCount: 3 }, 2)).toEqual({ Hsm1: [], Hsm2: [], Hsm1x2: ['Hsm1'] });
  });

  test('of a parked cluster is empty, but it has its key and its password, with which it wakes', () => {
    const cluster = clusterWith({ hsmCount: 0 });
    const template = templateOf(cluster);
    expect(orderOf(template)).toEqual({});
    expect([cluster.initialization, cluster.activation, cluster.trustAnchorParameter]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const awake = templateOf(clusterWith());
    for (const type of ['AWS::KMS::Key', 'AWS::SecretsManager::Secret']) {
      expect(Object.keys(template.findResources(type))).toEqual(Object.keys(awake.findResources(type)));
    }
  });

  test('takes in HSMs that are added later', () => {
    const cluster = clusterWith({ hsmCount: 0 });
    cluster.addHsm('One');
    cluster.addHsm('Two');
    cluster.addHsm('Three', { availabilityZone: 'eu-west-1b' });
    expect(orderOf(templateOf(cluster))).toEqual({
      One: [],
      Initialization: ['One'],
      Activation: ['Initialization'],
      Two: ['Activation'],
      Three: ['Activation', 'Two'],
    });
  });

  test('takes in HSMs that are made outside of the cluster', () => {
    const cluster = clusterWith();
    new Hsm(Stack.of(cluster), 'Further', { cluster, subnet: cluster.subnets[1] });
    expect(orderOf(templateOf(cluster)).Further).toEqual(['Activation']);
  });

  test('makes the build wait for the routes and endpoints of its network', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
    new Cluster(stack, 'Cluster', { vpc });
    vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
    const { DependsOn } = onlyResource(Template.fromStack(stack), ACTIVATION);
    expect(DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^VpcPrivateSubnet1DefaultRoute/),
        expect.stringMatching(/^VpcLogs/),
      ]),
    );
  });
});

describe('a second HSM before activation', () => {
  const refusal = 'AWS refuses a second HSM before the cluster is activated';

  test('is refused with Activation.none()', () => {
    expect(messageOf(() => clusterWith({ hsmCount: 2, activation: Activation.none() }))).toBe(
      `Stack/Cluster/Hsm2: ${refusal}, and Activation.none() leaves it without activation: keep one HSM (hsmCount: 1), or use Activation.codeBuild()`,
    );
  });

  test('is refused by addHsm', () => {
    const cluster = clusterWith({ activation: Activation.none() });
    expect(messageOf(() => cluster.addHsm('Second'))).toContain(refusal);
  });

  test('is refused while an external signature is missing', () => {
    expect(messageOf(() => clusterWith({ hsmCount: 2, initialization: CertificateAuthority.external() }))).toContain(
      `${refusal}, and its certificate is not signed yet: deploy with one HSM, sign the certificate request`,
    );
  });

  test('is allowed with the external signature', () => {
    const initialization = CertificateAuthority.external({ signedCertificate: PEM, trustAnchor: PEM });
    expect(order({ hsmCount: 2, initialization }).Hsm2).toEqual(['Activation']);
  });

  test('is refused with assumeRole, where nothing activates the cluster', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
    const initialization = CertificateAuthority.external({ signedCertificate: PEM, trustAnchor: PEM });
    expect(messageOf(() => clusterWith({ hsmCount: 2, assumeRole, initialization }))).toContain(
      `${refusal}, and with assumeRole it is not activated: keep one HSM (hsmCount: 1)`,
    );
  });
});

describe('the zones of HSMs', () => {
  test('are taken in turn', () => {
    expect(zones({ hsmCount: 4 })).toEqual(['a', 'b', 'c', 'a']);
  });

  test('are those that are given', () => {
    expect(zones({ hsms: [{ availabilityZone: 'eu-west-1c' }, { availabilityZone: 'eu-west-1a' }] })).toEqual([
      'c',
      'a',
    ]);
  });

  test('of hsmCount can be spelled out without replacing an HSM', () => {
    const hsms = ['a', 'b', 'c', 'a'].map((letter) => ({ availabilityZone: `eu-west-1${letter}` }));
    expect(order({ hsms })).toEqual(order({ hsmCount: 4 }));
  });

  test('are next those with the fewest HSMs', () => {
    const cluster = clusterWith({ hsms: [{ availabilityZone: 'eu-west-1a' }, { availabilityZone: 'eu-west-1b' }] });
    expect(cluster.addHsm('Next').availabilityZone).toBe('eu-west-1c');
  });

  test('must be of the cluster', () => {
    expect(messageOf(() => clusterWith({ hsms: [{ availabilityZone: 'eu-west-1z' }] }))).toBe(
      'Stack/Cluster/HsmElsewhere1: availabilityZone must be a zone of the cluster (eu-west-1a, eu-west-1b, eu-west-1c), got "eu-west-1z"; add the zone to the cluster, or choose another',
    );
  });

  test('can be tokens', () => {
    const stack = irishStack();
    const availabilityZone = new CfnParameter(stack, 'Zone').valueAsString;
    const cluster = new Cluster(stack, 'Cluster', { vpc: vpcWithZones(stack, 2), hsms: [{ availabilityZone }] });
    expect(onlyResource(templateOf(cluster), HSM).Properties.AvailabilityZone).toEqual({ Ref: 'Zone' });
  });

  test('have at most 28 HSMs', () => {
    const cluster = clusterWith({ hsmCount: 28 });
    expect(messageOf(() => cluster.addHsm('Further'))).toBe('Stack/Cluster/Further: a cluster has at most 28 HSMs');
  });
});

describe('the address of an HSM', () => {
  const at = (ipAddress: string) => ({ hsms: [{ availabilityZone: 'eu-west-1b', ipAddress }] });

  test('is the one that is given', () => {
    expect(onlyResource(templateOf(clusterWith(at('10.0.1.255'))), HSM).Properties.IpAddress).toBe('10.0.1.255');
  });

  test('is left to AWS otherwise', () => {
    expect(onlyResource(templateOf(clusterWith()), HSM).Properties).not.toHaveProperty('IpAddress');
  });

  test('must be of the subnet', () => {
    expect(messageOf(() => clusterWith(at('10.0.2.0')))).toBe(
      'Stack/Cluster/Hsm2: ipAddress must be in 10.0.1.0/24, the block of the subnet Stack/Vpc/PrivateSubnet2 in eu-west-1b, got "10.0.2.0"',
    );
  });

  test.each(['10.0.1', '10.0.1.256', '10.0.1.4/32', '10.0.01.4', 'fd00::1'])('must be one, and not %j', (ipAddress) => {
    expect(messageOf(() => clusterWith(at(ipAddress)))).toContain('ipAddress must be an IPv4 address such as 10.0.0.4');
  });
});

describe('an HSM', () => {
  test('needs a zone or a subnet, and not both', () => {
    const cluster = clusterWith();
    const make = (id: string, props: object) => () => new Hsm(cluster, id, { cluster, ...props });
    const both = { availabilityZone: 'eu-west-1a', subnet: cluster.subnets[0] };
    expect(messageOf(make('None', {}))).toContain('pass either availabilityZone or subnet, got neither');
    expect(messageOf(make('Both', both))).toContain('pass either availabilityZone or subnet, got both');
  });

  test('of an imported cluster stands alone', () => {
    const stack = irishStack();
    const cluster = Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
    new Hsm(stack, 'Hsm', { cluster, availabilityZone: 'eu-west-1a' });
    const template = Template.fromStack(stack);
    expect(onlyResource(template, HSM).Properties).toMatchObject({
      ClusterId: 'cluster-abcdefghijk',
      AvailabilityZone: 'eu-west-1a',
    });
    template.resourceCountIs(INITIALIZATION, 0);
  });
});
