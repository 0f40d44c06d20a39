import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import type { KeySettings } from '../../../../sandbox/services/kms/keys';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, policyOf, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

const at = [ACCOUNT, REGION] as const;
const Message = Buffer.from('a certificate to be signed');

async function withKey(settings: KeySettings = {}) {
  const bed = await SupportingBed.start();
  const key = bed.tools.kms.create(...at, { spec: 'RSA_2048', usage: 'SIGN_VERIFY', ...settings });
  return { bed, key, kms: new KMSClient(bed.admin()) };
}

function sign(
  KeyId: string,
  more: Partial<{
    Message: Uint8Array;
    MessageType: MessageType;
    SigningAlgorithm: SigningAlgorithmSpec;
    DryRun: boolean;
  }> = {},
) {
  return new SignCommand({ KeyId, Message, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256', ...more });
}

test.each<[string, SigningAlgorithmSpec, string]>([
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
])(
  'a %s key signs a message or its digest with %s alike, and the public key verifies it',
  async (spec, SigningAlgorithm, hash) => {
    const { kms, key } = await withKey({ spec });
    const raw = await kms.send(sign(key.id, { SigningAlgorithm }));
    const digest = createHash(hash).update(Message).digest();
    const digested = await kms.send(sign(key.arn, { SigningAlgorithm, Message: digest, MessageType: 'DIGEST' }));
    expect(raw.KeyId).toBe(key.arn);
    expect(digested.Signature).toEqual(raw.Signature);
    const { PublicKey, KeySpec, SigningAlgorithms } = await kms.send(new GetPublicKeyCommand({ KeyId: key.id }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
    expect(verify(hash, Message, publicKey, raw.Signature!)).toBe(true);
    expect(KeySpec).toBe(spec);
    expect(SigningAlgorithms).toContain(SigningAlgorithm);
    const check = { KeyId: key.id, SigningAlgorithm, Signature: raw.Signature };
    expect((await kms.send(new VerifyCommand({ ...check, Message }))).SignatureValid).toBe(true);
    const wrong = await errorOf(kms.send(new VerifyCommand({ ...check, Message: Buffer.from('another') })));
    expect(wrong.name).toBe('KMSInvalidSignatureException');
  },
);

test('a message has at most 4096 bytes, and a digest the length of its algorithm', async () => {
  const { kms, key } = await withKey();
  await kms.send(sign(key.id, { Message: Buffer.alloc(4096) }));
  expect(await errorOf(kms.send(sign(key.id, { Message: Buffer.alloc(4097) })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('less than or equal to 4096'),
  });
  expect(await errorOf(kms.send(sign(key.id, { MessageType: 'DIGEST' })))).toMatchObject({
    message: 'Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_256.',
  });
});

test('a key signs only with algorithms of its kind, and only if it is for signing', async () => {
  const { bed, kms, key } = await withKey();
  const curve = await errorOf(kms.send(sign(key.id, { SigningAlgorithm: 'ECDSA_SHA_256' })));
  expect(curve).toMatchObject({ name: 'InvalidKeyUsageException', message: expect.stringContaining('incompatible') });
  const symmetric = bed.tools.kms.create(...at, {});
  expect((await errorOf(kms.send(sign(symmetric.id)))).name).toBe('InvalidKeyUsageException');
  const noPublicKey = await errorOf(kms.send(new GetPublicKeyCommand({ KeyId: symmetric.id })));
  expect(noPublicKey.name).toBe('UnsupportedOperationException');
  expect((await errorOf(kms.send(sign(key.id, { DryRun: true })))).name).toBe('DryRunOperationException');
});

test('a key is found by its alias', async () => {
  const { bed, kms, key } = await withKey();
  bed.tools.kms.createAlias(...at, 'alias/ca', key.arn);
  const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/ca`;
  for (const KeyId of ['alias/ca', arn]) {
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({
      KeyId: key.id,
      KeyState: 'Enabled',
    });
  }
  expect(await errorOf(kms.send(sign('alias/none')))).toMatchObject({
    name: 'NotFoundException',
    message: `Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/none is not found.`,
  });
  expect(() => bed.tools.kms.createAlias(...at, 'alias/ca', key.id)).toThrow('already exists');
  expect(() => bed.tools.kms.createAlias(...at, 'alias/aws/ca', key.id)).toThrow('alias/aws/ca');
});

test('a key that waits for its deletion can do nothing, is not standing, and goes when its time is over', async () => {
  const { bed, kms, key } = await withKey();
  const state = bed.tools.kms.state(...at);
  expect(bed.supporting.kms.inventory(state)).toEqual([`kms key ${key.id}`]);
  bed.tools.kms.scheduleDeletion(...at, key.id, 7);
  expect(bed.supporting.kms.inventory(state)).toEqual([]);
  expect(bed.supporting.kms.pending(state)).toEqual([key.id]);
  expect(await errorOf(kms.send(sign(key.id)))).toMatchObject({
    name: 'KMSInvalidStateException',
    message: `${key.arn} is pending deletion.`,
  });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key.id }));
  expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false, DeletionDate: expect.any(Date) });
  await bed.clock.sleep(7 * 86_400_000);
  expect((await errorOf(kms.send(new DescribeKeyCommand({ KeyId: key.id })))).name).toBe('NotFoundException');
  expect(() => bed.tools.kms.scheduleDeletion(...at, bed.tools.kms.create(...at, {}).id, 6)).toThrow('must be 7 to 30');
});

test('a disabled key refuses', async () => {
  const { kms, key } = await withKey({ enabled: false });
  expect((await errorOf(kms.send(sign(key.id)))).name).toBe('DisabledException');
});

describe('the key policy', () => {
  const root = (account: string) => ({ Principal: { AWS: `arn:aws:iam::${account}:root` } });

  test('leaves it to the policies of the account by naming its root', async () => {
    const { bed, key } = await withKey();
    const allowed = new KMSClient(bed.as('Signer', allow('kms:Sign', key.arn)));
    await allowed.send(sign(key.id));
    const denied = await errorOf(new KMSClient(bed.as('Other', allow('kms:Verify', key.arn))).send(sign(key.id)));
    expect(denied).toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('kms:Sign') });
  });

  test('keeps out those that it does not name, whatever their own policies say', async () => {
    const bed = await SupportingBed.start();
    const { role, credentials } = bed.role('Signer', []);
    const policy = policyOf({ ...allow('kms:Sign'), Principal: { AWS: role.arn } });
    const key = bed.tools.kms.create(...at, { spec: 'RSA_2048', usage: 'SIGN_VERIFY', policy });
    await new KMSClient(bed.client(credentials)).send(sign(key.id));
    const outsider = new KMSClient(bed.as('Outsider', allow('kms:*')));
    expect((await errorOf(outsider.send(sign(key.id)))).name).toBe('AccessDeniedException');
  });

  test('lets another account in, which names the key by its ARN', async () => {
    const bed = await SupportingBed.start();
    const policy = policyOf({ ...allow('kms:*'), ...root(ACCOUNT) }, { ...allow('kms:Sign'), ...root(OTHER_ACCOUNT) });
    const key = bed.tools.kms.create(...at, { spec: 'RSA_2048', usage: 'SIGN_VERIFY', policy });
    const { credentials } = bed.role('Foreign', [allow('kms:*')], { accountId: OTHER_ACCOUNT });
    const kms = new KMSClient(bed.client(credentials));
    expect((await kms.send(sign(key.arn))).KeyId).toBe(key.arn);
    expect((await errorOf(kms.send(sign(key.id)))).name).toBe('NotFoundException');
    expect((await errorOf(kms.send(new DescribeKeyCommand({ KeyId: key.arn })))).name).toBe('AccessDeniedException');
  });

  test('can ask for an algorithm', async () => {
    const { bed, key } = await withKey();
    const condition = { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } };
    const kms = new KMSClient(bed.as('Signer', allow('kms:Sign', key.arn, condition)));
    await kms.send(sign(key.id));
    const denied = await errorOf(kms.send(sign(key.id, { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_512' })));
    expect(denied.name).toBe('AccessDeniedException');
  });

  test('cannot name a role that does not exist', async () => {
    const bed = await SupportingBed.start();
    const policy = policyOf({ ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/none` } });
    expect(() => bed.tools.kms.create(...at, { policy })).toThrow('one or more invalid principals');
  });
});
