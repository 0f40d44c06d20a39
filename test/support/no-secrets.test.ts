import { Sandbox } from '../../sandbox/sandbox';
import { leaksOf } from './no-secrets';

jest.setTimeout(60_000);

const place = { accountId: '111111111111', region: 'eu-central-1' };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.start();
});

afterEach(() => sandbox.stop());

/** A stack event says what the test wants it to. */
async function say(Message: string): Promise<string[]> {
  const Resources = { Speaker: { Type: 'Sandbox::Failing', Properties: { Fail: 'create', Message } } };
  await sandbox.stacks.deploy({ Resources }, { stackName: 'app', ...place, assets: { directory: () => '' } });
  return leaksOf(sandbox);
}

const issued = () => sandbox.credentials.forAccount(place.accountId);

it.each<[string, () => string]>([
  ['the id of a temporary key', () => issued().accessKeyId],
  ['a secret key', () => `key=${issued().secretAccessKey}.`],
  ['a session token', () => issued().sessionToken.slice(100, 131)],
  ['a session token', () => encodeURIComponent(issued().sessionToken)],
  [
    'a decoded refusal as a whole',
    () => {
      const text = { allowed: false, matchedStatements: { items: [] } };
      const EncodedMessage = sandbox.iam.messages.encode(place.accountId, text);
      record({ EncodedMessage });
      return JSON.stringify(text);
    },
  ],
  [
    'a web identity token',
    () => {
      const token = `${'h'.repeat(40)}.${'c'.repeat(10)}laims-of-somebody.${'s'.repeat(40)}`;
      record({ WebIdentityToken: token });
      return token;
    },
  ],
  [
    'a SAML assertion',
    () => {
      record({ SAMLAssertion: 'PHNhbWw6UmVzcG9uc2UgSUQ9Il9yZXNwb25zZSI' });
      return 'PHNhbWw6UmVzcG9uc2UgSUQ9Il9yZXNwb25zZSI';
    },
  ],
])('%s is found where it was said', async (kind, secret) => {
  expect(await say(`said: ${secret()}`)).toEqual([`${kind} in an event of Speaker`]);
});

it.each<[string, () => string]>([
  ['what is no secret', () => 'the monitor already exists'],
  [
    'a user’s own key id',
    () => sandbox.credentials.forUser(sandbox.iam.users.create({ ...place, name: 'a' })).accessKeyId,
  ],
  [
    'the header of a token',
    () => {
      record({ WebIdentityToken: `${'h'.repeat(40)}.${'c'.repeat(40)}.${'s'.repeat(40)}` });
      return 'h'.repeat(40);
    },
  ],
])('%s is no leak', async (_, text) => {
  expect(await say(`said: ${text()}`)).toEqual([]);
});

function record(input: object): void {
  const { accountId, region } = place;
  const call = { at: 0, service: 'sts', operation: 'Any', principal: '', outcome: 'ok', permissions: [] };
  sandbox.journal.record({ ...call, accountId, region, input });
}
