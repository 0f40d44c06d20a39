import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  ActivationProject,
  BackupCopy,
  BackupSource,
  CertificateAuthority,
  Cluster,
  ClusterActivation,
  ClusterInitialization,
  type ClusterProps,
  Hsm,
} from '../../src/cloudhsm';
import { type IDelegable, RoleAssumption } from '../../src/sts';
import { CLOUDHSM_ROLE, CLUSTER, clusterWith, irishStack, templateOf, vpcWithZones } from '../support/clusters';
import { delegated, delegatedActions, MANAGER, THERE } from '../support/delegation';
import {
  actionsOf,
  filledIn,
  type Json,
  messageOf,
  onlyResource,
  resourcesOf,
  statementsOf,
} from '../support/synthesis';

const CLUSTERS = 'arn:aws:cloudhsm:eu-west-1:111111111111:cluster/*';
const BACKUPS = 'arn:aws:cloudhsm:eu-west-1:111111111111:backup/*';
const KEY = 'arn:aws:kms:eu-west-1:222222222222:key/1';
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

const SOURCES = join(__dirname, '../../src');

/** The calls that the code of the handler can make, as IAM names them. */
function calls(): string[] {
  const files = readdirSync(join(SOURCES, 'cloudhsm')).filter((name) => /\.(reconciler|runtime)\.ts$/.test(name));
  return callsIn(...files.map((name) => `cloudhsm/${name}`), 'runtime/operation.ts', 'runtime/parameter.ts');
}

function callsIn(...paths: string[]): string[] {
  const actions = paths.flatMap((path) => {
    const source = readFileSync(join(SOURCES, path), 'utf8');
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

describe('a role in another account', () => {
  const assumeRole = THERE;
  const made = (make: (stack: Stack) => IDelegable) => make(irishStack());
  const there = (stack: Stack) => Cluster.fromClusterId(stack, 'There', 'cluster-abcdefghijk');
  const VIEW = 'cloudhsm/cluster-view.runtime.ts';
  const BACKUPS_VIEW = 'cloudhsm/backup-view.runtime.ts';

  const cases: Array<[string, IDelegable, string[]]> = [
    [
      'an HSM',
      made((stack) => new Hsm(stack, 'Hsm', { cluster: there(stack), availabilityZone: 'eu-west-1a', assumeRole })),
      ['cloudhsm/hsm.reconciler.ts', VIEW],
    ],
    [
      'an activation',
      made((stack) => {
        const project = ActivationProject.fromProjectName(stack, 'Project', 'activation');
        return new ClusterActivation(stack, 'Activation', { cluster: there(stack), project, assumeRole });
      }),
      ['cloudhsm/activation.reconciler.ts', 'cloudhsm/activation-builds.runtime.ts', VIEW],
    ],
    [
      'a cluster without HSMs, whose backups go with it',
      made((stack) => {
        const initialization = CertificateAuthority.external();
        const removalPolicy = RemovalPolicy.DESTROY;
        const vpc = vpcWithZones(stack, 1);
        const props = { vpc, initialization, removalPolicy, deleteBackups: true, hsmCount: 0, assumeRole };
        return new Cluster(stack, 'Cluster', props);
      }),
      ['cloudhsm/cluster.reconciler.ts', VIEW, BACKUPS_VIEW],
    ],
    [
      'a copy of a backup',
      made((stack) => {
        const source = BackupSource.id('backup-abcdefghijk');
        return new BackupCopy(stack, 'Copy', { source, destinationRegion: 'us-east-1', assumeRole });
      }),
      ['cloudhsm/backup-copy.reconciler.ts', BACKUPS_VIEW],
    ],
    [
      'an initialization that is signed elsewhere',
      made((stack) => {
        const certificateAuthority = CertificateAuthority.external();
        return new ClusterInitialization(stack, 'It', { cluster: there(stack), certificateAuthority, assumeRole });
      }),
      ['cloudhsm/initialization.reconciler.ts', VIEW, 'runtime/parameter.ts'],
    ],
  ];

  test.each(cases)('may make for %s exactly the calls of its reconciler', (_, delegable, files) => {
    const actions = delegatedActions(delegable).filter(
      (action) => !ON_BEHALF.includes(action) && !BESIDE_CALLS.includes(action),
    );
    expect(actions).toEqual(callsIn(...files));
  });

  const rights = (delegable: IDelegable) => delegatedActions(delegable).filter((action) => ON_BEHALF.includes(action));

  test.each(cases.filter(([name]) => /initialization|activation|copy/.test(name)))(
    'has for %s no rights on EC2, since CloudHSM uses none',
    (_, delegable) => {
      expect(rights(delegable)).toEqual([]);
    },
  );

  test('has for a cluster and its HSMs all rights that CloudHSM uses on behalf of its caller', () => {
    const [[, hsm], , [, cluster]] = cases as [(typeof cases)[0], (typeof cases)[0], (typeof cases)[0]];
    expect([...new Set([...rights(cluster), ...rights(hsm)])].sort()).toEqual(ON_BEHALF);
  });

  test('puts the owner tag of the stack on nothing but what it makes', () => {
    const tagging = allowing('cloudhsm:TagResource', delegated(cases[0]![1]));
    expect(tagging.map(({ Condition }) => Condition)).toEqual([OURS]);
  });

  test('has for a cluster what its parts need, also those that are added later', () => {
    const initialization = CertificateAuthority.kms(kms.Key.fromKeyArn(irishStack(), 'Key', KEY));
    const cluster = clusterWith({ assumeRole, initialization, hsmCount: 0 });
    const required = cluster.requiredPermissions();
    expect(delegatedActions(required)).not.toContain('kms:Sign');
    cluster.addHsm('First');
    expect(delegatedActions(required)).toEqual(expect.arrayContaining(['cloudhsm:CreateHsm', 'kms:Sign']));
    expect(allowing('ssm:PutParameter', delegated(required)).map(({ Resource }) => Resource)).toEqual([
      'arn:aws:ssm:eu-west-1:222222222222:parameter/cdk-settled/Stack/*',
    ]);
  });

  test('uses the key of a secret in the region of the cluster', () => {
    const stack = irishStack();
    const secretCompleteArn = 'arn:aws:secretsmanager:us-east-1:222222222222:secret:pki-abcdef';
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY);
    const pki = secretsmanager.Secret.fromSecretAttributes(stack, 'Pki', { secretCompleteArn, encryptionKey });
    const initialization = new ClusterInitialization(stack, 'It', {
      cluster: there(stack),
      certificateAuthority: CertificateAuthority.secret(pki),
      assumeRole: RoleAssumption.fromRoleArn(assumeRole.roleArn, { region: 'us-east-1' }),
    });
    expect(allowing('kms:Decrypt', delegated(initialization))[0].Condition).toEqual({
      StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' },
    });
  });

  test('by names must be told of an authority that is there', () => {
    const certificateAuthority = CertificateAuthority.kms();
    expect(messageOf(() => ClusterInitialization.requiredPermissionsFor(MANAGER, { certificateAuthority }))).toBe(
      'cloudhsm.CertificateAuthority: kms() must have a key, which stands where the cluster is, got none; pass CertificateAuthority.kms(key), or another authority',
    );
  });
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
