import { authorize } from '../../../sandbox/iam/authorization';
import { Credentials } from '../../../sandbox/iam/credentials';
import { Iam } from '../../../sandbox/iam/iam';
import { Clock } from '../../../sandbox/kernel/clock';
import { Random } from '../../../sandbox/kernel/random';
import { ACCOUNT, policyOf } from '../endpoint/testbed';

const random = new Random(1);
let iam: Iam;
let credentials: Credentials;

beforeEach(() => {
  iam = new Iam('aws', random);
  credentials = new Credentials(new Clock(), random);
});

const ann = () => iam.users.create({ accountId: ACCOUNT, name: 'ann' });

function mayList(user: ReturnType<typeof ann>): boolean {
  const { principal } = credentials.find(credentials.forUser(user).accessKeyId)!;
  return authorize(iam, principal, { action: 'rum:ListAppMonitors', resource: '*' }).decision === 'allowed';
}

function group(name = 'readers') {
  const readers = policyOf({ Effect: 'Allow', Action: 'rum:List*', Resource: '*' });
  return iam.groups.create({ accountId: ACCOUNT, name, inlinePolicies: { readers } });
}

it('gives its members what it may do, as long as they are members', () => {
  const user = ann();
  const { arn } = group();
  iam.groups.add(arn, user.userId);
  expect(mayList(user)).toBe(true);
  iam.groups.remove(arn, user.userId);
  expect(mayList(user)).toBe(false);
});

it('does not know a user that is made anew under the name of a member', () => {
  const { arn } = group();
  const user = ann();
  iam.groups.add(arn, user.userId);
  iam.users.delete(user.arn);
  expect(mayList(ann())).toBe(false);
});

it('cannot be deleted while it has members', () => {
  const { arn } = group();
  const user = ann();
  iam.groups.add(arn, user.userId);
  expect(() => iam.groups.delete(arn)).toThrow('remove its users first');
  iam.users.delete(user.arn);
  iam.groups.delete(arn);
  expect([...iam.groups.all()]).toEqual([]);
});

it('takes a user into ten groups at most', () => {
  const { userId } = ann();
  for (let n = 0; n < 10; n++) iam.groups.add(group(`g${n}`).arn, userId);
  expect(() => iam.groups.add(group('one-more').arn, userId)).toThrow('GroupsPerUser: 10');
});

it('has inline policies of 5,120 bytes at most, and a user of 2,048', () => {
  const sized = (length: number) => policyOf({ Effect: 'Allow', Action: 'a:b', Resource: 'x'.repeat(length) });
  expect(() => iam.policies.put(group().arn, 'p', sized(5_120))).toThrow('5120');
  expect(() => iam.policies.put(ann().arn, 'p', sized(2_048))).toThrow('2048');
});
