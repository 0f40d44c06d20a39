import { ACCOUNT, arnOf, CloudHsmHarness, OTHER_ACCOUNT, OTHER_REGION, REGION } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

const TEAM = [{ Key: 'team', Value: 'keys' }];
const OWN_TAGS = { 'aws:ResourceTag/team': 'keys' };
const REQUEST_TAGS = { 'aws:RequestTag/team': 'keys', 'aws:TagKeys': ['team'] };
const SECURITY_GROUP = [
  'ec2:CreateSecurityGroup',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
];
const SERVICE_LINKED_ROLE = {
  action: 'iam:CreateServiceLinkedRole',
  resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/cloudhsm.amazonaws.com/AWSServiceRoleForCloudHSM`,
  context: { 'iam:AWSServiceName': 'cloudhsm.amazonaws.com' },
};
const ec2Arn = (kind: string, id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/${id}`;
const actions = (operation: string, input: object) => aws.permissions(operation, input).map(({ action }) => action);
const creation = (more: object = {}) => ({
  ...{ HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets },
  ...more,
});

test('a cluster asks for the rights on its security group, and for the service-linked role once an account', async () => {
  const permissions = aws.permissions('CreateCluster', creation());
  expect(permissions.slice(0, 2)).toEqual([
    { action: 'cloudhsm:CreateCluster', resource: '*', context: {} },
    SERVICE_LINKED_ROLE,
  ]);
  const rest = [...SECURITY_GROUP, 'ec2:CreateTags', 'ec2:DescribeVpcs'];
  expect(permissions.slice(2).map(({ action }) => action)).toEqual(rest);
  const groups = permissions.filter(({ action }) => /SecurityGroup(Ingress|Egress)?$/.test(action));
  expect(new Set(groups.map(({ resource }) => resource))).toEqual(new Set([ec2Arn('security-group', 'sg-new')]));
  await aws.call('CreateCluster', creation({ SubnetIds: aws.vpc(ACCOUNT, OTHER_REGION) }), { region: OTHER_REGION });
  expect(actions('CreateCluster', creation())).toEqual(['cloudhsm:CreateCluster', ...rest]);
});

test('a cluster with tags asks for tagging too, of a cluster that does not exist yet', () => {
  expect(aws.permissions('CreateCluster', creation({ TagList: TEAM })).slice(0, 2)).toEqual([
    { action: 'cloudhsm:CreateCluster', resource: '*', context: REQUEST_TAGS },
    { action: 'cloudhsm:TagResource', resource: arnOf('cluster-new'), context: REQUEST_TAGS },
  ]);
});

test('a cluster from a backup is about the backup, with its tags and policy', async () => {
  await aws.active();
  const { BackupId, BackupArn } = (await aws.backups())[0]!;
  await aws.call('TagResource', { ResourceId: BackupId, TagList: TEAM });
  const permission = (id: string, place = {}) =>
    aws.permissions('CreateCluster', creation({ SourceBackupId: id }), place)[0];
  const expected = { action: 'cloudhsm:CreateCluster', resource: BackupArn, context: OWN_TAGS };
  expect(permission(BackupId)).toEqual({ ...expected, resourcePolicy: { document: { Statement: [] } } });
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'cloudhsm:CreateCluster', Resource: BackupArn }],
  };
  await aws.call('PutResourcePolicy', { ResourceArn: BackupArn, Policy: JSON.stringify(document) });
  expect(permission(BackupArn, { accountId: OTHER_ACCOUNT })).toEqual({ ...expected, resourcePolicy: { document } });
});

test('an HSM asks for the rights on its network interface', async () => {
  const id = await aws.created({ TagList: TEAM });
  const { SecurityGroup } = await aws.cluster(id);
  const permissions = aws.permissions('CreateHsm', { ClusterId: id, AvailabilityZone: `${REGION}a` });
  expect(permissions[0]).toEqual({ action: 'cloudhsm:CreateHsm', resource: arnOf(id), context: OWN_TAGS });
  expect(permissions.slice(1).map(({ action }) => action)).toEqual([
    ...SECURITY_GROUP,
    ...Array(3).fill('ec2:CreateNetworkInterface'),
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeNetworkInterfaceAttribute',
  ]);
  const made = permissions.filter(({ action }) => action === 'ec2:CreateNetworkInterface');
  expect(made.map(({ resource }) => resource)).toEqual([
    ec2Arn('network-interface', 'eni-new'),
    ec2Arn('security-group', SecurityGroup),
    ec2Arn('subnet', aws.subnets[0]!),
  ]);
});

test('deleting asks for the rights on what EC2 has of it', async () => {
  const id = await aws.requesting({ TagList: TEAM });
  const { SecurityGroup, Hsms } = await aws.cluster(id);
  const [{ EniId, HsmId }] = Hsms;
  const eni = ec2Arn('network-interface', EniId);
  expect(aws.permissions('DeleteHsm', { ClusterId: id, HsmId })).toEqual([
    { action: 'cloudhsm:DeleteHsm', resource: '*' },
    { action: 'ec2:DeleteNetworkInterface', resource: eni },
    { action: 'ec2:DetachNetworkInterface', resource: eni },
  ]);
  expect(aws.permissions('DeleteCluster', { ClusterId: id })).toEqual([
    { action: 'cloudhsm:DeleteCluster', resource: arnOf(id), context: OWN_TAGS },
    { action: 'ec2:DeleteSecurityGroup', resource: ec2Arn('security-group', SecurityGroup) },
  ]);
});

test('actions that only the user guide lists can be left out', async () => {
  aws = new CloudHsmHarness({ guideActions: false });
  const id = await aws.requesting();
  const all = [
    ...actions('CreateCluster', creation()),
    ...actions('CreateHsm', { ClusterId: id, AvailabilityZone: `${REGION}a` }),
    ...actions('DeleteHsm', { ClusterId: id, HsmId: 'hsm-x' }),
  ];
  const guide = /ec2:(CreateTags|DescribeVpcs|DescribeNetworkInterfaceAttribute|DetachNetworkInterface)/;
  expect(all.filter((action) => guide.test(action))).toEqual([]);
});

test.each(['DescribeClusters', 'DescribeBackups'])('%s has no resource', (operation) => {
  expect(aws.permissions(operation, {})).toEqual([{ action: `cloudhsm:${operation}`, resource: '*' }]);
});

test.each(['InitializeCluster', 'ModifyCluster'])('%s is about the cluster and its tags', async (operation) => {
  const id = await aws.create({ TagList: TEAM });
  expect(aws.permissions(operation, { ClusterId: id })).toEqual([
    { action: `cloudhsm:${operation}`, resource: arnOf(id), context: OWN_TAGS },
  ]);
});

test.each<[string, 'BackupId' | 'ResourceArn']>([
  ['DeleteBackup', 'BackupId'],
  ['RestoreBackup', 'BackupId'],
  ['ModifyBackupAttributes', 'BackupId'],
  ['CopyBackupToRegion', 'BackupId'],
  ['PutResourcePolicy', 'ResourceArn'],
  ['GetResourcePolicy', 'ResourceArn'],
  ['DeleteResourcePolicy', 'ResourceArn'],
])('%s is about the backup and its tags', async (operation, member) => {
  await aws.active();
  const { BackupId, BackupArn } = (await aws.backups())[0]!;
  await aws.call('TagResource', { ResourceId: BackupId, TagList: TEAM });
  const input = { [member]: member === 'BackupId' ? BackupId : BackupArn };
  expect(aws.permissions(operation, input)).toEqual([
    { action: `cloudhsm:${operation}`, resource: BackupArn, context: OWN_TAGS },
  ]);
});

test('a copy with tags asks for tagging in the other region', async () => {
  await aws.active();
  const { BackupId } = (await aws.backups())[0]!;
  const input = { BackupId, DestinationRegion: OTHER_REGION, TagList: TEAM };
  expect(aws.permissions('CopyBackupToRegion', input)).toEqual([
    { action: 'cloudhsm:CopyBackupToRegion', resource: arnOf(BackupId), context: REQUEST_TAGS },
    { action: 'cloudhsm:TagResource', resource: arnOf('backup-new', ACCOUNT, OTHER_REGION), context: REQUEST_TAGS },
  ]);
});

test('tagging tells the tags of the request and those of the resource', async () => {
  const ResourceId = await aws.create({ TagList: TEAM });
  const context = (operation: string, input: object) =>
    aws.permissions(operation, { ResourceId, ...input })[0]?.context;
  expect(context('TagResource', { TagList: [{ Key: 'a', Value: '1' }] })).toEqual({
    ...OWN_TAGS,
    ...{ 'aws:RequestTag/a': '1', 'aws:TagKeys': ['a'] },
  });
  expect(context('UntagResource', { TagKeyList: ['team'] })).toEqual({ ...OWN_TAGS, 'aws:TagKeys': ['team'] });
  expect(context('ListTags', {})).toEqual(OWN_TAGS);
});

test('every operation of the model is there', () => {
  expect(Object.keys(aws.service.operations).sort()).toEqual(Object.keys(aws.service.model.operations).sort());
  expect(Object.keys(aws.service.operations)).toHaveLength(18);
});
