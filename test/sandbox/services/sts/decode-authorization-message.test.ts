import { DecodeAuthorizationMessageCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AnyService } from '../../../../sandbox/endpoint/reception';
import type { Permission } from '../../../../sandbox/iam/principal';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, StsLab } from './lab';

const INSTANCE = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`;
const DENY = {
  Sid: 'NoStops',
  Effect: 'Deny',
  Action: 'ec2:Stop*',
  Resource: '*',
  Condition: { StringEquals: { 'ec2:Tenancy': ['default'] } },
};

/** An operation of EC2's kind that changes something. */
const instances: AnyService = {
  name: 'ec2',
  model: {
    signingName: 'ec2',
    protocol: 'ec2-query',
    apiVersion: '2016-11-15',
    operations: { StopInstances: {}, DescribeInstances: {} },
    shapes: {},
  },
  operations: Object.fromEntries(
    ['StopInstances', 'DescribeInstances'].map((name) => [
      name,
      {
        permissions: (): readonly Permission[] => [
          { action: `ec2:${name}`, resource: INSTANCE, context: { 'ec2:Tenancy': 'default' } },
        ],
        handle: () => ({}),
      },
    ]),
  ),
  newState: () => ({}),
  inventory: () => [],
};

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start(instances);
});

afterEach(() => StsLab.stopAll());

async function refusal(statements: object[], Action = 'StopInstances') {
  const { role, credentials } = lab.role('Handler', statements);
  const answer = await lab.query('ec2', { Action, Version: '2016-11-15' }, credentials);
  const [, message = ''] = /Encoded authorization failure message: ([\w-]+)/.exec(answer) ?? [];
  return { answer, message, role, credentials };
}

function decode(sts: STSClient, EncodedMessage: string) {
  return sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));
}

function reader(accountId = ACCOUNT) {
  return lab.as(lab.role('Reader', [allow('sts:DecodeAuthorizationMessage')], { accountId }).credentials);
}

it('tells of an explicit deny which statement it was, and what the request was', async () => {
  const { answer, message, role } = await refusal([allow('*'), DENY]);
  expect(answer).toContain('<Code>UnauthorizedOperation</Code>');
  expect(answer).toContain('You are not authorized to perform this operation. User: arn:aws:sts::');
  const { DecodedMessage } = await decode(reader(), message);
  expect(JSON.parse(DecodedMessage!)).toEqual({
    allowed: false,
    explicitDeny: true,
    matchedStatements: {
      items: [
        {
          statementId: 'NoStops',
          effect: 'DENY',
          principals: { items: [{ value: role.roleId }] },
          principalGroups: { items: [] },
          actions: { items: [{ value: 'ec2:Stop*' }] },
          resources: { items: [{ value: '*' }] },
          conditions: { items: [{ key: 'ec2:Tenancy', values: { items: [{ value: 'default' }] } }] },
        },
      ],
    },
    failures: { items: [] },
    context: {
      principal: { id: `${role.roleId}:session`, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Handler/session` },
      action: 'ec2:StopInstances',
      resource: INSTANCE,
      conditions: {
        items: expect.arrayContaining([
          { key: 'ec2:Tenancy', values: { items: [{ value: 'default' }] } },
          { key: 'aws:RequestedRegion', values: { items: [{ value: 'eu-central-1' }] } },
        ]),
      },
    },
  });
});

it('tells of a missing allow that nothing matched', async () => {
  const { DecodedMessage } = await decode(reader(), (await refusal([])).message);
  expect(JSON.parse(DecodedMessage!)).toMatchObject({
    allowed: false,
    explicitDeny: false,
    matchedStatements: { items: [] },
    context: { action: 'ec2:StopInstances' },
  });
});

it('is not for operations that describe', async () => {
  const { answer, message } = await refusal([], 'DescribeInstances');
  expect([answer, message]).toEqual([expect.stringContaining('UnauthorizedOperation'), '']);
});

it.each<[string, (message: string) => string]>([
  ['is cut', (message) => message.slice(0, -1)],
  ['is cut at its beginning', (message) => message.slice(1)],
  ['is in lower case', (message) => message.toLowerCase()],
  ['is broken into lines', (message) => message.replace(/.{76}/g, '$&\n')],
  ['has a full stop behind it', (message) => `${message}.`],
  ['is something else', () => 'hello'],
])('refuses a message that %s', async (_, change) => {
  const { message } = await refusal([]);
  expect(await errorOf(decode(reader(), change(message)))).toMatchObject({
    name: 'InvalidAuthorizationMessageException',
    $metadata: { httpStatusCode: 400 },
  });
});

it('needs a permission of its own', async () => {
  const { message, credentials } = await refusal([]);
  expect((await errorOf(decode(lab.as(credentials), message))).message).toContain(
    'because no identity-based policy allows the sts:DecodeAuthorizationMessage action',
  );
});

it('reads messages of its own account, and of others if they are said to be readable', async () => {
  const { message } = await refusal([]);
  const other = reader(OTHER_ACCOUNT);
  expect((await errorOf(decode(other, message))).name).toBe('InvalidAuthorizationMessageException');
  lab.sts.decodesForeignMessages = true;
  await decode(other, message);
});

it('reads a message for as long as is said', async () => {
  const { message } = await refusal([]);
  lab.sts.messageSeconds = 60;
  const sts = reader();
  await decode(sts, message);
  await lab.clock.sleep(60_000);
  expect((await errorOf(decode(sts, message))).message).toBe('Message has expired');
});
