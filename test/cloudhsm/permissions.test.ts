import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BackupCopy, BackupSource, CertificateAuthority, Cluster, type ClusterProps } from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import { CLOUDHSM_ROLE, CLUSTER, clusterWith, irishStack, templateOf, vpcWithZones } from '../support/clusters';
import { actionsOf, filledIn, type Json, onlyResource, resourcesOf, statementsOf } from '../support/synthesis';

const CLUSTERS = 'arn:aws:cloudhsm:eu-west-1:111111111111:cluster/*';
const BACKUPS = 'arn:aws:cloudhsm:eu-west-1:111111111111:backup/*';
const OURS = { StringLike: { 'aws:ResourceTag/cdk-settled:owner': 'Stack/*' } };
const TO_BE_OURS = { StringLike: { 'aws:RequestTag/cdk-settled:owner': 'Stack/*' } };

/** What the handler may do in a template, with references filled in. */
function granted(template: Template): Json[] {
  return statementsOf(template, CLOUDHSM_ROLE).map((statement) => filledIn(statement));
}

/** The statements with an action. */
function allowing(action: string, statements: Json[]): Json[] {
  return statements.filter((statement) => actionsOf([statement]).includes(action));
}

/** A stack with everything for which the handler needs permissions. */
function everything(): Template {
  const stack = irishStack();
  const vpc = vpcWithZones(stack, 2);
  new Cluster(stack, 'Cluster', { vpc, removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true });
  const initializations = {
    Private: CertificateAuthority.privateCa(
      acmpca.CertificateAuthority.fromCertificateAuthorityArn(
        stack,
        'Authority',
        'arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/1',
      ),
    ),
    Secret: CertificateAuthority.secret(new secretsmanager.Secret(stack, 'Pki')),
  };
  for (const [id, initialization] of Object.entries(initializations)) new Cluster(stack, id, { vpc, initialization });
  new BackupCopy(stack, 'Copy', { source: BackupSource.id('backup-abcdefghijk'), destinationRegion: 'us-east-1' });
  return Template.fromStack(stack);
}

/** IAM's prefix of the client that a source file imports commands from. */
const PREFIXES: Readonly<Record<string, string>> = {
  'client-acm-pca': 'acm-pca',
  'client-cloudformation': 'cloudformation',
  'client-cloudhsm-v2': 'cloudhsm',
  'client-cloudwatch-logs': 'logs',
  'client-codebuild': 'codebuild',
  'client-kms': 'kms',
  'client-secrets-manager': 'secretsmanager',
  'client-ssm': 'ssm',
};

/** The calls that the code of the handler can make, as IAM names them. */
function calls(): string[] {
  const root = join(__dirname, '../../src');
  const files = [...readdirSync(join(root, 'cloudhsm')).filter((name) => /\.(reconciler|runtime)\.ts$/.test(name))].map(
    (name) => join(root, 'cloudhsm', name),
  );
  const shared = ['runtime/operation.ts', 'runtime/parameter.ts'].map((name) => join(root, name));
  const actions = [...files, ...shared].flatMap((path) => {
    const source = readFileSync(path, 'utf8');
    const imports = [...source.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/([\w-]+)'/g)];
    return [...source.matchAll(/new (\w+)Command\(/g)].map(([, name]) => {
      const client = imports.find(([, names = '']) => new RegExp(`\\b${name}Command\\b`).test(names))?.[2] ?? '';
      return `${PREFIXES[client]}:${name}`;
    });
  });
  return [...new Set(actions)].sort();
}

/** What CloudHSM asks of its caller beside the action itself: facts of the service's guide. */
const ON_BEHALF = [
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:CreateNetworkInterface',
  'ec2:CreateSecurityGroup',
  'ec2:CreateTags',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteSecurityGroup',
  'ec2:DescribeNetworkInterfaceAttribute',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:DetachNetworkInterface',
  'ec2:RevokeSecurityGroupEgress',
  'iam:CreateServiceLinkedRole',
];
/** To write its log, and to make a parameter with tags. */
const BESIDE_CALLS = ['logs:CreateLogStream', 'logs:PutLogEvents', 'ssm:AddTagsToResource'];

describe('the actions that are granted to the handler', () => {
  const all = everything();

  test('are exactly the calls that its code can make, and what CloudHSM asks of its caller for them', () => {
    expect([...new Set(actionsOf(granted(all)))]).toEqual([...calls(), ...ON_BEHALF, ...BESIDE_CALLS].sort());
  });

  test('are all named in full', () => {
    expect(actionsOf(granted(all)).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('are allowed on everything only where the API demands it', () => {
    const anywhere = granted(all).filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(actionsOf(anywhere)).toEqual([
      'cloudhsm:CreateCluster',
      'cloudhsm:DeleteHsm',
      'cloudhsm:DescribeBackups',
      'cloudhsm:DescribeClusters',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ]);
  });

  test('make clusters with the owner tag of this stack only', () => {
    expect(allowing('cloudhsm:CreateCluster', granted(all))).toEqual([
      { Effect: 'Allow', Action: 'cloudhsm:CreateCluster', Resource: '*', Condition: TO_BE_OURS },
    ]);
  });

  test('change clusters with the owner tag of this stack only', () => {
    for (const action of ['CreateHsm', 'DeleteCluster', 'InitializeCluster', 'ModifyCluster']) {
      const [statement, ...others] = allowing(`cloudhsm:${action}`, granted(all));
      expect(others).toEqual([]);
      expect(statement).toMatchObject({ Resource: CLUSTERS, Condition: OURS });
    }
  });

  test('tag what is made for this stack, or belongs to it', () => {
    const copies = 'arn:aws:cloudhsm:us-east-1:111111111111:backup/*';
    const tagging = allowing('cloudhsm:TagResource', granted(all)).map(({ Resource, Condition }) => [
      Resource,
      Condition,
    ]);
    expect(tagging).toEqual([
      [CLUSTERS, TO_BE_OURS],
      [CLUSTERS, OURS],
      [copies, TO_BE_OURS],
      [copies, OURS],
    ]);
  });

  test('make the one service-linked role', () => {
    expect(allowing('iam:CreateServiceLinkedRole', granted(all))).toEqual([
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: 'arn:aws:iam::111111111111:role/aws-service-role/cloudhsm.amazonaws.com/AWSServiceRoleForCloudHSM',
        Condition: { StringEquals: { 'iam:AWSServiceName': 'cloudhsm.amazonaws.com' } },
      },
    ]);
  });

  test('write parameters of this stack only', () => {
    for (const { Resource } of allowing('ssm:PutParameter', granted(all))) {
      expect(Resource).toBe('arn:aws:ssm:eu-west-1:111111111111:parameter/cdk-settled/Stack/*');
    }
  });

  test('run the builds of the activation only', () => {
    const template = templateOf(clusterWith());
    const [projectId] = Object.keys(template.findResources('AWS::CodeBuild::Project'));
    const building = statementsOf(template, CLOUDHSM_ROLE).filter(({ Action }) =>
      String(Action).includes('codebuild:'),
    );
    expect(building.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [projectId, 'Arn'] }]);
  });

  test('delete backups of the cluster only where that is asked for', () => {
    expect(allowing('cloudhsm:DeleteBackup', granted(templateOf(clusterWith())))).toEqual([]);
    const asked = templateOf(clusterWith({ removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true }));
    expect(allowing('cloudhsm:DeleteBackup', granted(asked))).toEqual([
      { Effect: 'Allow', Action: 'cloudhsm:DeleteBackup', Resource: BACKUPS },
    ]);
  });
});

describe('what a resource needs until it is deleted', () => {
  const template = everything();
  const policies = (type: string, name: RegExp) =>
    resourcesOf(template, type).map(({ DependsOn = [] }) => DependsOn.filter((id: string) => name.test(id)).length);

  test('stands in a policy on which it depends', () => {
    expect(policies('Custom::SettledCloudHsmInitialization', /ProviderInitialization/)).toEqual([1, 1, 1]);
    expect(policies('Custom::SettledCloudHsmActivation', /ProviderActivation/)).toEqual([1, 1, 1]);
    expect(policies('Custom::SettledCloudHsmBackupCopy', /ProviderBackupCopy/)).toEqual([1]);
    expect(policies(CLUSTER, /ProviderBackupRemoval/)).toEqual([1, 0, 0]);
  });

  test('is shared by copies into the same region', () => {
    const stack = irishStack();
    const source = BackupSource.id('backup-abcdefghijk');
    for (const [index, destinationRegion] of ['us-east-1', 'us-east-1', 'us-west-2'].entries()) {
      new BackupCopy(stack, `Copy${index}`, { source, destinationRegion });
    }
    const copying = allowing('cloudhsm:CopyBackupToRegion', granted(Template.fromStack(stack)));
    expect(copying).toHaveLength(2);
    expect(copying[0]).toMatchObject({ Resource: BACKUPS, Condition: TO_BE_OURS });
  });
});

test('with a role to assume, the handler has in its own account the standing permissions alone', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
  const initialization = CertificateAuthority.external();
  const props: Partial<ClusterProps> = { removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true };
  const statements = granted(templateOf(clusterWith({ ...props, assumeRole, initialization })));
  expect(allowing('cloudhsm:DeleteBackup', statements)).toEqual([]);
  expect(allowing('ssm:PutParameter', statements)).toEqual([]);
  expect(allowing('sts:AssumeRole', statements)).toEqual([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: assumeRole.roleArn },
  ]);
});

describe('grants', () => {
  const CLUSTER_ARN = 'arn:aws:cloudhsm:eu-west-1:111111111111:cluster/cluster-abcdefghijk';

  function grantedBy(grant: 'grantDescribe' | 'grantManage'): Json[] {
    const stack = irishStack();
    const cluster = Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
    expect(cluster[grant](new iam.User(stack, 'User')).success).toBe(true);
    const policy = onlyResource(Template.fromStack(stack), 'AWS::IAM::Policy');
    return policy.Properties.PolicyDocument.Statement.map((statement: Json) => filledIn(statement));
  }

  test('grantDescribe allows to look', () => {
    expect(grantedBy('grantDescribe')).toEqual([
      { Effect: 'Allow', Action: ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups'], Resource: '*' },
      { Effect: 'Allow', Action: 'cloudhsm:ListTags', Resource: CLUSTER_ARN },
    ]);
  });

  test('grantManage allows to operate the cluster, with what CloudHSM asks of its caller, but not to delete it', () => {
    const statements = grantedBy('grantManage');
    const actions = actionsOf(statements);
    expect(actions.filter((action) => action.startsWith('cloudhsm:'))).toEqual([
      'cloudhsm:CreateHsm',
      'cloudhsm:DeleteHsm',
      'cloudhsm:DescribeBackups',
      'cloudhsm:DescribeClusters',
      'cloudhsm:InitializeCluster',
      'cloudhsm:ListTags',
      'cloudhsm:ModifyCluster',
      'cloudhsm:TagResource',
      'cloudhsm:UntagResource',
    ]);
    expect(allowing('cloudhsm:CreateHsm', statements)[0].Resource).toBe(CLUSTER_ARN);
    const further = ON_BEHALF.filter((action) => action.startsWith('ec2:') && action !== 'ec2:DeleteSecurityGroup');
    expect(actions.filter((action) => action.startsWith('ec2:'))).toEqual(further);
  });

  test('name the cluster of this app by its ARN', () => {
    const cluster = clusterWith();
    cluster.grantDescribe(new iam.User(Stack.of(cluster), 'User'));
    const template = templateOf(cluster);
    const [id] = Object.keys(template.findResources(CLUSTER));
    const [policy] = resourcesOf(template, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Users);
    expect(filledIn(policy.Properties.PolicyDocument.Statement[1].Resource)).toBe(
      `arn:aws:cloudhsm:eu-west-1:111111111111:cluster/[${id}.ClusterId]`,
    );
  });
});
