import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Random } from '../../../../sandbox/kernel/random';
import { type Generation, generate } from '../../../../sandbox/services/secretsmanager/generate';
import { ACCOUNT, allow, errorOf, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

const at = [ACCOUNT, REGION] as const;

async function start() {
  const bed = await SupportingBed.start();
  return { bed, secrets: bed.tools.secrets, client: new SecretsManagerClient(bed.admin()) };
}

test('a secret is read by its name and by its ARN, whole or without its ending', async () => {
  const { secrets, client } = await start();
  const { arn } = secrets.create(...at, { name: 'hsm/password', value: 'secret-1', description: 'of the HSM' });
  expect(arn).toMatch(new RegExp(`^arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:hsm/password-[A-Za-z0-9]{6}$`));
  for (const SecretId of ['hsm/password', arn, arn.slice(0, -7)]) {
    const answer = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(answer).toMatchObject({ SecretString: 'secret-1', ARN: arn, VersionStages: ['AWSCURRENT'] });
  }
  const described = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  expect(described).toMatchObject({ Name: 'hsm/password', Description: 'of the HSM', RotationEnabled: false });
  expect(JSON.stringify(described)).not.toContain('secret-1');
});

test('a changed secret keeps its previous value under a stage of its own', async () => {
  const { bed, secrets, client } = await start();
  const { arn } = secrets.create(...at, { name: 's', value: 'one' });
  secrets.update(...at, arn, { value: 'two' });
  secrets.update(...at, arn, { value: 'three' });
  const read = async (VersionStage?: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage }))).SecretString;
  expect([await read(), await read('AWSCURRENT'), await read('AWSPREVIOUS')]).toEqual(['three', 'three', 'two']);
  secrets.delete(...at, arn);
  const state = secrets.state(...at);
  expect(bed.supporting.secretsManager.secretValues(state)).toEqual(['one', 'two', 'three']);
  expect(bed.supporting.secretsManager.inventory(state)).toEqual([]);
});

test('what is not there cannot be read', async () => {
  const { secrets, client } = await start();
  secrets.create(...at, { name: 'empty' });
  expect(await errorOf(client.send(new GetSecretValueCommand({ SecretId: 'none' })))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  expect(await errorOf(client.send(new GetSecretValueCommand({ SecretId: 'empty' })))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  });
  expect(() => secrets.create(...at, { name: 'empty' })).toThrow('already exists');
});

test('reading needs the permission on this secret, whose ARN ends in six unknown characters', async () => {
  const { bed, secrets } = await start();
  secrets.create(...at, { name: 'mine', value: 'x' });
  secrets.create(...at, { name: 'other', value: 'y' });
  const resource = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:mine-??????`;
  const client = new SecretsManagerClient(bed.as('Reader', allow('secretsmanager:GetSecretValue', resource)));
  await client.send(new GetSecretValueCommand({ SecretId: 'mine' }));
  for (const SecretId of ['other', 'none']) {
    expect((await errorOf(client.send(new GetSecretValueCommand({ SecretId })))).name).toBe('AccessDeniedException');
  }
});

describe('a generated value', () => {
  const make = (generation: Generation, seed = 1) => generate(new Random(seed), generation);

  test('is of seeded chance, has 32 characters and one of each kind', () => {
    expect(make({})).toEqual(make({}));
    expect(make({}).value).not.toBe(make({}, 2).value);
    for (let seed = 0; seed < 200; seed++) {
      const { value } = make({ PasswordLength: 7 }, seed);
      expect(value).toHaveLength(7);
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9 ]/]) expect(value).toMatch(kind);
    }
    expect(make({}).value).toHaveLength(32);
  });

  test.each<[string, Generation, RegExp]>([
    ['without characters', { ExcludeCharacters: 'abc:', PasswordLength: 4096 }, /^[^abc:]{4096}$/],
    ['without punctuation', { ExcludePunctuation: true }, /^[a-zA-Z0-9]{32}$/],
    [
      'of digits',
      { ExcludeLowercase: true, ExcludeUppercase: 'true', ExcludePunctuation: true, PasswordLength: 1 },
      /^\d$/,
    ],
    ['without digits', { ExcludeNumbers: true, PasswordLength: '500' }, /^\D{500}$/],
    ['with spaces', { IncludeSpace: true, PasswordLength: 5 }, / /],
    ['of fewer characters than kinds', { PasswordLength: 2, RequireEachIncludedType: false }, /^.{2}$/],
  ])('can be %s', (_, generation, pattern) => {
    expect(make(generation).value).toMatch(pattern);
  });

  test('can be put into a template, and then both are known as secrets', async () => {
    const { bed, secrets } = await start();
    const generation = { SecretStringTemplate: '{"username":"admin"}', GenerateStringKey: 'password' };
    secrets.create(...at, { name: 's', generation });
    const [password, whole] = bed.supporting.secretsManager.secretValues(secrets.state(...at));
    expect(JSON.parse(whole!)).toEqual({ username: 'admin', password });
  });

  test.each<[Generation, string]>([
    [{ PasswordLength: 0 }, 'from 1 to 4096, got 0'],
    [{ PasswordLength: 3 }, 'too short for one character of each of the 4 included types'],
    [{ SecretStringTemplate: '{}' }, 'both SecretStringTemplate and GenerateStringKey'],
    [{ SecretStringTemplate: '[]', GenerateStringKey: 'a' }, 'must be a JSON object'],
    [
      { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true },
      'no characters to make a password of',
    ],
  ])('of %j is refused', (generation, message) => {
    expect(() => make(generation)).toThrow(message);
  });
});
