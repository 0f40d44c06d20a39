import { CloudHSMV2Client, CreateClusterCommand } from '@aws-sdk/client-cloudhsm-v2';
import { AssociateMemberAccountCommand, MacieClient } from '@aws-sdk/client-macie';
import { CreateAppMonitorCommand, RUMClient } from '@aws-sdk/client-rum';
import { AwsClients } from '../../src/runtime/clients';
import { describeFailure, SettlingError } from '../../src/runtime/errors';
import {
  type FakeAnswer,
  type FakeRequest,
  fakeEndpoint,
  jsonError,
  queryAnswer,
  queryError,
} from '../support/fake-endpoint';
import { aSession, CALLER, REGION, ROLE_ARN } from '../support/runs';

const endpoint = fakeEndpoint();
/** What the service answers, and what STS answers to DecodeAuthorizationMessage. */
let denied: FakeAnswer;
let decoding: FakeAnswer;
let decodings: FakeRequest[];

beforeEach(() => {
  decodings = [];
  endpoint.answer = (request) => {
    if (request.body.includes('Action=AssumeRole')) return SESSION;
    if (!request.body.includes('Action=DecodeAuthorizationMessage')) return denied;
    decodings.push(request);
    return decoding;
  };
});

const SESSION = queryAnswer(
  'AssumeRole',
  '<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>',
);
const ROLE = { ...aSession(), region: REGION, accountId: '444455556666' };

type Call = (aws: AwsClients) => Promise<unknown>;
const createMonitor: Call = (aws) =>
  aws.get(RUMClient, 'RUM').send(new CreateAppMonitorCommand({ Name: 'm', Domain: 'd' }));
const createCluster: Call = (aws) =>
  aws
    .get(CloudHSMV2Client, 'CLOUDHSM_V2')
    .send(new CreateClusterCommand({ HsmType: 'hsm2m.medium', SubnetIds: ['s'] }));
const associate: Call = (aws) =>
  aws.get(MacieClient, 'MACIE').send(new AssociateMemberAccountCommand({ memberAccountId: '111122223333' }));

/** What the user reads of a call that fails. */
async function described(call: Call, aws = new AwsClients(REGION, ROLE)): Promise<string> {
  const error = await call(aws).catch((thrown: unknown) => thrown);
  return new SettlingError(describeFailure('it failed', error)).message;
}

const PLAIN = `User: ${CALLER} is not authorized to perform: x:Create on resource: arn:aws:x:::y because no identity-based policy allows the x:Create action`;
const STATEMENT = '{"Effect":"Allow","Action":"x:Create","Resource":"arn:aws:x:::y"}';
const ENCODED = `aB3-_${'x'.repeat(1_900)}`;
const EC2 = `You are not authorized to perform this operation. Encoded authorization failure message: ${ENCODED}`;

test.each([
  ['RUM', createMonitor, 'AccessDeniedException'],
  ['the old SDK of CloudHSM', createCluster, 'CloudHsmAccessDeniedException'],
  ['the old SDK of Macie Classic', associate, 'AccessDeniedException'],
])('a denied call of %s is explained, with the role that made it', async (_service, call, name) => {
  denied = jsonError(name, PLAIN, 403);
  expect(await described(call)).toContain(
    `${name}: ${PLAIN}; add ${STATEMENT} to the policies of the role ${ROLE_ARN} (a DelegatedRole that manages this construct has it)`,
  );
  expect(await described(call, new AwsClients(REGION))).toContain('(cdk-settled gives its own roles what they need');
  expect(decodings).toEqual([]);
});

test('what is no denial is not explained', async () => {
  denied = jsonError('ValidationException', 'bad name');
  expect(await described(createMonitor)).toBe('it failed: ValidationException: bad name');
});

describe('an encoded message', () => {
  beforeEach(() => {
    denied = jsonError('CloudHsmAccessDeniedException', EC2);
  });

  test('is not shown and not decoded, and the message says how that is switched on', async () => {
    const message = await described(createCluster);
    expect(message).toContain(
      'CloudHsmAccessDeniedException: You are not authorized to perform this operation. (an encoded authorization message came with it)',
    );
    expect(message).toMatch(
      /to have .* decoded, use sts\.Denials\.explain\(stack\) and explainDenials of DelegatedRole$/,
    );
    expect(await described(createCluster, new AwsClients(REGION))).toMatch(/use sts\.Denials\.explain\(stack\)$/);
    expect(message).not.toContain('xxxx');
    expect(decodings).toEqual([]);
  });

  test('is not shown either where the service does not call it a denial', async () => {
    denied = jsonError('CloudHsmInvalidRequestException', EC2);
    const message = await described(createCluster);
    expect(message).toContain('sts.Denials.explain(stack)');
    expect(message).not.toContain('xxxx');
  });

  describe('with explainDenials', () => {
    beforeEach(() => {
      process.env.SETTLED_EXPLAIN_DENIALS = '1';
    });

    const decoded = (message: object) =>
      queryAnswer('DecodeAuthorizationMessage', `<DecodedMessage>${JSON.stringify(message)}</DecodedMessage>`);
    const context = {
      principal: { arn: CALLER },
      action: 'ec2:CreateSecurityGroup',
      resource: 'arn:aws:ec2:eu-central-1:444455556666:vpc/vpc-1',
    };

    test('is decoded whole, with the credentials of the call and in its region', async () => {
      decoding = decoded({ allowed: false, explicitDeny: false, context });
      await described(createCluster);
      expect(decodings).toHaveLength(1);
      expect(new URLSearchParams(decodings[0]?.body).get('EncodedMessage')).toBe(ENCODED);
      expect(decodings[0]?.accessKeyId).toBe('ASIAROLE');
      expect(decodings[0]?.headers.authorization).toContain(`/${REGION}/sts/`);
    });

    test('tells principal, action, resource and the statement that is missing', async () => {
      decoding = decoded({ allowed: false, explicitDeny: false, context });
      const message = await described(createCluster);
      expect(message).toContain(
        `decoded: ${CALLER} may not ec2:CreateSecurityGroup on ${context.resource}: no statement allows it; ` +
          `add {"Effect":"Allow","Action":"ec2:CreateSecurityGroup","Resource":"${context.resource}"} to the policies of the role ${ROLE_ARN}`,
      );
      expect(message).not.toContain('xxxx');
    });

    test('tells the statement that denies', async () => {
      const matchedStatements = { items: [{ statementId: 'NoGroups' }] };
      decoding = decoded({ allowed: false, explicitDeny: true, matchedStatements, context });
      expect(await described(createCluster)).toContain(
        `on ${context.resource}: an explicit deny; the statement NoGroups denies ec2:CreateSecurityGroup: narrow it`,
      );
    });

    test('keeps the kind of policy that the words of AWS tell', async () => {
      const words = PLAIN.replace('no identity-based policy', 'no permissions boundary');
      denied = jsonError(
        'CloudHsmAccessDeniedException',
        `${words}. Encoded authorization failure message: ${ENCODED}`,
      );
      decoding = decoded({ allowed: false, explicitDeny: false, context });
      expect(await described(createCluster)).toContain(`to the permissions boundary of the role ${ROLE_ARN}`);
    });

    test('that may not be decoded says which permission is missing, and keeps the first error', async () => {
      decoding = queryError('AccessDenied', 'not you');
      const message = await described(createCluster);
      expect(message).toContain('it failed: CloudHsmAccessDeniedException: You are not authorized');
      expect(message).toContain(
        `could not be decoded: add {"Effect":"Allow","Action":"sts:DecodeAuthorizationMessage","Resource":"*"} to the role ${ROLE_ARN}, as explainDenials of DelegatedRole does`,
      );
    });

    test.each<[string, FakeAnswer, string]>([
      ['invalid', queryError('InvalidAuthorizationMessageException', '?', 400), 'InvalidAuthorizationMessageException'],
      ['throttled', queryError('Throttling', '?', 400), 'Throttling'],
      ['lost', 'cut', ''],
      [
        'decoded to something else',
        queryAnswer('DecodeAuthorizationMessage', '<DecodedMessage>?</DecodedMessage>'),
        'its content is not as AWS documents it',
      ],
    ])('that is %s says so, and keeps the first error', async (_what, answer, reason) => {
      decoding = answer;
      const message = await described(createCluster);
      expect(message).toContain('it failed: CloudHsmAccessDeniedException: You are not authorized');
      expect(message).toContain(`the encoded message could not be decoded: ${reason}`);
      expect(decodings).toHaveLength(1);
    });

    test('without one, nothing is decoded', async () => {
      denied = jsonError('CloudHsmAccessDeniedException', PLAIN);
      expect(await described(createCluster)).toContain(`add ${STATEMENT}`);
      expect(decodings).toEqual([]);
    });
  });
});

test('nothing of a decoded message is a property of the error, which Lambda would log', async () => {
  process.env.SETTLED_EXPLAIN_DENIALS = '1';
  denied = jsonError('CloudHsmAccessDeniedException', EC2);
  decoding = queryAnswer(
    'DecodeAuthorizationMessage',
    '<DecodedMessage>{"context":{"action":"ec2:Privileged"}}</DecodedMessage>',
  );
  const error = await createCluster(new AwsClients(REGION, ROLE)).catch((thrown: unknown) => thrown);
  const { $response: _response, ...shown } = { ...(error as Error & { $response?: unknown }) };
  expect(`${JSON.stringify(shown)}${(error as Error).stack}`).not.toMatch(/Privileged|xxxx/);
});
