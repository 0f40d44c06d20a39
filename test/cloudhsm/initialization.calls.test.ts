import 'reflect-metadata';
import { constants, generateKeyPairSync, type KeyObject, privateEncrypt, X509Certificate } from 'node:crypto';
import { initializationReconciler } from '../../src/cloudhsm/initialization.reconciler';
import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import { converge, type Outcome } from '../../src/runtime/loop';
import { putParameter } from '../../src/runtime/parameter';
import { Properties } from '../../src/runtime/properties';
import type { Run } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { anAuthority, aRequest, type OwnAuthority } from '../support/certificates';
import { CLUSTER_ID } from '../support/cluster-views';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { FakeClock } from '../support/fake-clock';
import { ADDRESS, aRun, awsError, ID } from '../support/runs';

const ANCHOR = '/shop/trust-anchor';
const REQUEST = '/shop/request';
const NOW = '2026-01-01T01:00:00.000Z';

/** The services that an initialization touches, as far as it does. */
class World {
  readonly cluster = {
    ClusterId: CLUSTER_ID,
    TagList: [],
    State: 'UNINITIALIZED',
    CreateTimestamp: new Date('2026-01-01T00:00:00Z'),
    Hsms: [{ HsmId: 'hsm-1', EniId: 'eni-1', State: 'ACTIVE' }],
    Certificates: {} as { ClusterCsr?: string; ClusterCertificate?: string },
  };
  readonly parameters = new Map<
    string,
    { Value: string; Tier?: string; Tags: Array<{ Key: string; Value: string }> }
  >();
  trustAnchor = '';
  readonly aws: FakeAws;

  constructor(request: string, operations: Readonly<Record<string, FakeOperation>> = {}) {
    this.cluster.Certificates.ClusterCsr = request;
    this.aws = new FakeAws({
      DescribeClusters: () => ({ Clusters: [structuredClone(this.cluster)] }),
      InitializeCluster: (input) => this.initialize(input),
      GetParameter: ({ Name }) => ({ Parameter: { ...this.parameter(Name), LastModifiedDate: new Date(NOW) } }),
      ListTagsForResource: ({ ResourceId }) => ({ TagList: this.parameter(ResourceId).Tags }),
      PutParameter: ({ Name, Overwrite, ...rest }) => {
        if (this.parameters.has(Name) !== (Overwrite ?? false)) throw awsError('ParameterAlreadyExists');
        this.parameters.set(Name, { ...rest, Tags: rest.Tags ?? this.parameters.get(Name)?.Tags ?? [] });
      },
      DeleteParameter: ({ Name }) => this.parameters.delete(Name),
      ...operations,
    });
  }

  /** As the real one: what fits is taken, and takes the request away. */
  initialize({ SignedCert, TrustAnchor }: { SignedCert: string; TrustAnchor: string }) {
    const [signed, anchor] = [new X509Certificate(SignedCert), new X509Certificate(TrustAnchor)];
    if (this.cluster.State !== 'UNINITIALIZED' || !signed.verify(anchor.publicKey) || !signed.checkIssued(anchor)) {
      throw awsError('CloudHsmInvalidRequestException');
    }
    this.trustAnchor = TrustAnchor;
    this.cluster.State = 'INITIALIZE_IN_PROGRESS';
    this.cluster.Certificates = { ClusterCertificate: SignedCert };
  }

  private parameter(name: string) {
    const parameter = this.parameters.get(name);
    if (parameter === undefined) throw awsError('ParameterNotFound');
    return parameter;
  }
}

async function converged(
  world: World,
  authority: Record<string, unknown>,
  changes: Partial<Run<never>> = {},
): Promise<Outcome> {
  const properties = new Properties({
    ClusterId: CLUSTER_ID,
    CertificateAuthority: authority,
    TrustAnchorParameter: ANCHOR,
    ...(authority.Kind === 'external' ? { CertificateRequestParameter: REQUEST } : {}),
  });
  const run = aRun<never>({ properties, aws: world.aws.clients, now: new Date(NOW), ...changes });
  const goal = run.requestType === 'Delete' ? undefined : initializationReconciler.decode(properties);
  return converge(initializationReconciler, goal, run as never, {
    clock: new FakeClock(NOW),
    stillWanted: async () => ({ wanted: true }),
    remainingMilliseconds: () => 900_000,
    deadline: new Date('2026-01-01T02:00:00Z'),
  });
}

function kmsOperations({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  const digests: string[] = [];
  return {
    GetPublicKey: () => ({
      PublicKey: publicKey.export({ format: 'der', type: 'spki' }),
      SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256'],
    }),
    Sign: ({ Message }: { Message: Uint8Array }) => {
      digests.push(Buffer.from(Message).toString('hex'));
      return { Signature: signDigest(privateKey, Message) };
    },
    digests,
  };
}

/** PKCS#1 v1.5 of a digest: the hash is named in what is signed, so that nothing is hashed twice. */
function signDigest(key: KeyObject, digest: Uint8Array): Buffer {
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
}

const KMS = { Kind: 'kms', KeyId: 'key' };
const OUR_TAGS = [
  { Key: ID_TAG, Value: ID },
  { Key: OWNER_TAG, Value: ownerOf(ADDRESS) },
];
const waits = { complete: false };
let request: string;
let own: OwnAuthority;

beforeAll(async () => {
  request = (await aRequest()).pem;
  own = await anAuthority();
});

const output = captureOutput();

afterEach(() => {
  // What is logged holds neither certificates nor secrets, whatever happens.
  expect(output()).not.toMatch(/hush|BEGIN|MII/);
});

describe('with a key in KMS', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test('the trust anchor is written with our tags, then the cluster is initialized: two signatures', async () => {
    const kms = kmsOperations(keys);
    const world = new World(request, kms as never);
    expect(await converged(world, KMS)).toMatchObject({
      ...waits,
      reason: expect.stringContaining('INITIALIZE_IN_PROGRESS'),
    });
    expect(world.parameters.get(ANCHOR)).toMatchObject({ Value: world.trustAnchor, Tier: 'Standard', Tags: OUR_TAGS });
    expect(kms.digests).toHaveLength(2);
    world.cluster.State = 'INITIALIZED';
    expect(await converged(world, KMS)).toEqual({
      complete: true,
      attributes: { State: 'INITIALIZED', TrustAnchorParameterName: ANCHOR },
    });
    expect(kms.digests).toHaveLength(2);
  });

  test('a second run, after the first died between its calls, writes no other trust anchor', async () => {
    const world = new World(request, kmsOperations(keys) as never);
    await converged(world, KMS);
    const [anchor] = [...world.parameters.values()].map(({ Value }) => Value);
    world.cluster.State = 'UNINITIALIZED';
    world.cluster.Certificates = { ClusterCsr: request };
    await converged(world, KMS);
    expect(world.trustAnchor).toBe(anchor);
    expect(world.aws.calls.filter((call) => call === 'PutParameter')).toHaveLength(1);
  });

  test('the request of a new first HSM is signed when that of the old one is refused', async () => {
    const { pem: newRequest } = await aRequest();
    let refused = false;
    const world: World = new World(request, {
      ...(kmsOperations(keys) as never as Record<string, FakeOperation>),
      InitializeCluster: (input) => {
        if (refused) return world.initialize(input);
        refused = true;
        world.cluster.Certificates.ClusterCsr = newRequest;
        throw awsError('CloudHsmInvalidRequestException');
      },
    });
    expect(await converged(world, KMS)).toMatchObject(waits);
    expect(world.cluster.State).toBe('INITIALIZE_IN_PROGRESS');
  });

  test.each([
    ['at first, since the cluster may only look uninitialized, it is waited', NOW, waits],
    ['later it is told', '2026-01-01T01:30:00Z', undefined],
  ])('a request that is refused although nothing has changed: %s', async (_what, time, outcome) => {
    const world = new World(request, {
      ...(kmsOperations(keys) as never as Record<string, FakeOperation>),
      InitializeCluster: () => {
        throw awsError('CloudHsmInvalidRequestException', 'not this one');
      },
    });
    const result = converged(world, KMS, { now: new Date(time) });
    if (outcome !== undefined) expect(await result).toMatchObject(outcome);
    else await expect(result).rejects.toThrow('InitializeCluster for');
  });

  test('a trust anchor that was deleted is written again, if the certificate of the cluster is from it', async () => {
    const world = new World(request, kmsOperations(keys) as never);
    await converged(world, KMS);
    world.cluster.State = 'ACTIVE';
    world.parameters.clear();
    expect(await converged(world, KMS)).toMatchObject({ complete: true });
    expect(world.parameters.get(ANCHOR)?.Value).toBe(world.trustAnchor);
  });

  test('a cluster that was restored from a backup of another authority is done without a trust anchor', async () => {
    const world = new World(request, kmsOperations(keys) as never);
    world.cluster.State = 'ACTIVE';
    world.cluster.Certificates = { ClusterCertificate: await own.sign(request) };
    expect(await converged(world, KMS)).toMatchObject({ complete: true });
    expect(world.parameters.size).toBe(0);
  });

  test('the key is not asked for when all is done: it may be gone', async () => {
    const world = new World(request, kmsOperations(keys) as never);
    await converged(world, KMS);
    world.cluster.State = 'ACTIVE';
    world.aws.calls.length = 0;
    await converged(world, KMS);
    expect(world.aws.calls).toEqual(['GetParameter', 'ListTagsForResource', 'DescribeClusters']);
  });

  test('a deletion takes the parameter and asks for nothing else', async () => {
    const world = new World(request, kmsOperations(keys) as never);
    world.parameters.set(ANCHOR, { Value: 'root', Tags: OUR_TAGS });
    expect(await converged(world, KMS, { requestType: 'Delete' })).toMatchObject({ complete: true });
    expect(world.parameters.size).toBe(0);
    expect(new Set(world.aws.calls)).toEqual(new Set(['GetParameter', 'ListTagsForResource', 'DeleteParameter']));
  });

  test("a deletion leaves someone else's parameter", async () => {
    const world = new World(request);
    world.parameters.set(ANCHOR, { Value: 'root', Tags: [] });
    expect(await converged(world, KMS, { requestType: 'Delete' })).toMatchObject({ complete: true });
    expect(world.parameters.size).toBe(1);
  });
});

describe('with a key in a secret', () => {
  const SECRET = { Kind: 'secret', SecretArn: 'arn:secret' };
  const worldWith = (secret: unknown) =>
    new World(request, {
      GetSecretValue: () => ({ SecretString: typeof secret === 'string' ? secret : JSON.stringify(secret) }),
    });

  test('the certificate beside it is the trust anchor', async () => {
    const world = worldWith({ privateKey: own.privateKey, certificate: own.root });
    expect(await converged(world, SECRET)).toMatchObject(waits);
    expect(new X509Certificate(world.trustAnchor).raw).toEqual(new X509Certificate(own.root).raw);
    const signed = new X509Certificate(world.cluster.Certificates.ClusterCertificate!);
    expect([signed.validFrom, signed.validTo]).toEqual(['Jan  1 00:00:00 2026 GMT', 'Jan  1 00:00:00 2030 GMT']);
  });

  test('the key alone makes a root that is derived from the cluster', async () => {
    const world = worldWith({ privateKey: own.privateKey });
    expect(await converged(world, SECRET)).toMatchObject(waits);
    expect(new X509Certificate(world.trustAnchor).subject).toBe(`CN=${CLUSTER_ID}`);
  });

  test.each<[string, () => unknown, string]>([
    ['no JSON', () => `hush ${own.privateKey}`, 'it is not a JSON object'],
    ['a JSON text', () => '"hush"', 'it is not a JSON object'],
    ['no key', () => ({ password: 'hush' }), 'it has no text "privateKey"'],
    ['a key that is none', () => ({ privateKey: 'hush' }), 'not an unencrypted private key'],
    [
      'a key of another type',
      () => ({ privateKey: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) }),
      'is of type ed25519, and must be RSA',
    ],
    ['a certificate that is none', () => ({ privateKey: own.privateKey, certificate: 'hush' }), 'not an X.509'],
    [
      'the certificate of another key',
      async () => ({ privateKey: own.privateKey, certificate: (await anAuthority()).root }),
      'belongs to another key',
    ],
    [
      'a certificate that is no root',
      async () => ({ privateKey: own.privateKey, certificate: await own.sign(request) }),
      'is not self-signed',
    ],
  ])('%s fails, without showing the secret', async (_what, secret, problem) => {
    const failure = await converged(worldWith(await secret()), SECRET).catch((error: Error) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining(problem) });
    expect((failure as Error).message).not.toMatch(/hush|BEGIN|MII/);
  });
});

describe('with an authority of AWS Private CA', () => {
  const AUTHORITY = { Kind: 'privateCa', AuthorityArn: 'arn:ca' };

  function worldWith(ready: () => boolean, root = own.root) {
    const issued = new Map<string, string>();
    const world = new World(request, {
      GetCertificateAuthorityCertificate: () => ({ Certificate: root }),
      IssueCertificate: async ({ IdempotencyToken, Csr, SigningAlgorithm, Validity }) => {
        expect(IdempotencyToken).toMatch(/^[0-9a-f]{32}$/);
        expect(SigningAlgorithm).toBe('SHA256WITHRSA');
        expect(Validity).toEqual({ Type: 'ABSOLUTE', Value: Date.parse('2030-01-01T00:00:00Z') / 1000 });
        issued.set(`arn:${IdempotencyToken}`, await own.sign(Buffer.from(Csr).toString()));
        return { CertificateArn: `arn:${IdempotencyToken}` };
      },
      GetCertificate: ({ CertificateArn }) => {
        if (!ready()) throw awsError('RequestInProgressException');
        return { Certificate: issued.get(CertificateArn) };
      },
    });
    return { world, issued };
  }

  test('the certificate is issued and waited for, and asked for again in the next invocation with the same token', async () => {
    let ready = false;
    const { world, issued } = worldWith(() => ready);
    expect(await converged(world, AUTHORITY)).toMatchObject({
      ...waits,
      reason: expect.stringContaining('not issued'),
    });
    ready = true;
    await converged(world, AUTHORITY, { aws: world.aws.clients });
    expect(world.cluster.State).toBe('INITIALIZE_IN_PROGRESS');
    expect(issued.size).toBe(1);
    expect(new X509Certificate(world.trustAnchor).raw).toEqual(new X509Certificate(own.root).raw);
  });

  test('it waits for an authority that has no certificate yet', async () => {
    const world = new World(request, {
      GetCertificateAuthorityCertificate: () => {
        throw awsError('InvalidStateException', 'pending');
      },
    });
    expect(await converged(world, AUTHORITY)).toMatchObject({
      ...waits,
      reason: 'arn:ca has no certificate yet: pending',
    });
  });

  test('a subordinate authority fails', async () => {
    const { world } = worldWith(() => true, await own.sign(request));
    await expect(converged(world, AUTHORITY)).rejects.toThrow('arn:ca is not a root certificate authority');
  });
});

describe('with a signature made elsewhere', () => {
  test('the request is shown, and the certificate taken in a second deployment', async () => {
    const world = new World(request);
    expect(await converged(world, { Kind: 'external' })).toEqual({
      complete: true,
      attributes: {
        State: 'UNINITIALIZED',
        TrustAnchorParameterName: ANCHOR,
        CertificateRequestParameterName: REQUEST,
      },
    });
    const shown = world.parameters.get(REQUEST)!.Value;
    const signed = { Kind: 'external', SignedCertificate: await own.sign(shown), TrustAnchor: own.root };
    expect(await converged(world, signed)).toMatchObject(waits);
    expect(world.cluster.State).toBe('INITIALIZE_IN_PROGRESS');
  });

  test.each<[string, () => Promise<Record<string, string>>, string]>([
    [
      'for another request',
      async () => ({ SignedCertificate: await own.sign((await aRequest()).pem), TrustAnchor: own.root }),
      'sign the request again',
    ],
    [
      'of another root',
      async () => ({ SignedCertificate: await own.sign(request), TrustAnchor: (await anAuthority('CN=Other')).root }),
      'was issued by CN=Own Root and not by trustAnchor (CN=Other)',
    ],
    [
      'with an anchor that is no root',
      async () => ({ SignedCertificate: await own.sign(request), TrustAnchor: await own.sign(request) }),
      'is not self-signed',
    ],
    [
      'that is none',
      async () => ({ SignedCertificate: 'x', TrustAnchor: own.root }),
      'signedCertificate is not an X.509',
    ],
    [
      'with an anchor that is none',
      async () => ({ SignedCertificate: await own.sign(request), TrustAnchor: 'x' }),
      'trustAnchor is not an X.509',
    ],
  ])('a certificate %s fails', async (_what, given, problem) => {
    await expect(converged(new World(request), { Kind: 'external', ...(await given()) })).rejects.toThrow(problem);
  });
});

test('a trust anchor of more than 4 KB is an advanced parameter', async () => {
  const world = new World(request, { GetSecretValue: () => ({ SecretString: '{}' }) });
  await putParameter(aRun({ aws: world.aws.clients }), ANCHOR, 'x'.repeat(4097), false);
  expect(world.parameters.get(ANCHOR)?.Tier).toBe('Advanced');
});

test.each<[string, unknown, string]>([
  ['missing', undefined, 'property CertificateAuthority is required but missing'],
  ['of no kind', {}, 'property CertificateAuthority.Kind is required'],
  ['of an unknown kind', { Kind: 'magic' }, 'must be kms, privateCa, secret or external, got "magic"'],
  ['a key without an id', { Kind: 'kms' }, 'property CertificateAuthority.KeyId is required'],
])('a certificate authority that is %s is named', (_what, CertificateAuthority, message) => {
  const properties = new Properties({ ClusterId: CLUSTER_ID, TrustAnchorParameter: ANCHOR, CertificateAuthority });
  expect(() => initializationReconciler.decode(properties)).toThrow(message);
});
