import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import { CloudHsmHarness } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

describe('the certificate request', () => {
  test('comes with the first active HSM and goes with the initialization', async () => {
    const id = await aws.created();
    await aws.addHsm(id);
    expect((await aws.cluster(id)).Certificates).toEqual({});
    await aws.pass(480);
    const { Certificates } = await aws.cluster(id);
    expect(Certificates).toEqual({
      ClusterCsr: expect.stringContaining('BEGIN CERTIFICATE REQUEST'),
      HsmCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
      AwsHardwareCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
      ManufacturerHardwareCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
    });
    await aws.initialize(id);
    expect((await aws.cluster(id)).Certificates).toEqual({
      ClusterCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
    });
  });

  test('is the same in each run, and another for each cluster', async () => {
    const requestOf = async (id: string) => (await aws.cluster(id)).Certificates.ClusterCsr;
    const first = await requestOf(await aws.requesting());
    expect(await requestOf(await aws.requesting())).not.toBe(first);
    aws = new CloudHsmHarness();
    expect(await requestOf(await aws.requesting())).toBe(first);
  });

  test('changes when AWS replaces the first HSM, whose certificate signed before then no longer fits', async () => {
    const id = await aws.requesting();
    const { Certificates, Hsms } = await aws.cluster(id);
    const SignedCert = await aws.authority.issue(Certificates.ClusterCsr);
    const TrustAnchor = await aws.authority.root();
    const replacement = aws.service.replaceHsm(aws.state(), id, Hsms[0].EniId);
    expect((await aws.cluster(id)).Certificates).toEqual({});
    await aws.pass(480);
    const after = await aws.cluster(id);
    expect(after.Hsms).toEqual([{ ...Hsms[0], HsmId: replacement }]);
    expect(after.Certificates.ClusterCsr).not.toBe(Certificates.ClusterCsr);
    const error = await aws.failure('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor });
    expect(error.message).toContain('another public key');
    await aws.initialize(id);
  });
});

describe('InitializeCluster', () => {
  test('leads to INITIALIZED after 60 seconds', async () => {
    const id = await aws.requesting();
    expect((await aws.initialize(id)).State).toBe('INITIALIZE_IN_PROGRESS');
    await aws.pass(59);
    expect(await aws.stateOfCluster(id)).toBe('INITIALIZE_IN_PROGRESS');
    await aws.pass(1);
    expect(await aws.stateOfCluster(id)).toBe('INITIALIZED');
    expect(aws.service.cluster(aws.state(), id)?.claim?.trustAnchor).toBe(
      await aws.authority.root({ notBefore: new Date('2030-01-01T00:10:30Z') }),
    );
  });

  test('takes a root without any extensions', async () => {
    const id = await aws.requesting();
    const { Certificates } = await aws.cluster(id);
    const SignedCert = await aws.authority.issue(Certificates.ClusterCsr);
    const TrustAnchor = await aws.authority.root({ extensions: [] });
    await aws.call('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor });
  });

  const LATER = new Date('2031-01-01T00:00:00Z');
  const PAST = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2029-12-31T00:00:00Z') };
  const ca = new BasicConstraintsExtension(true, undefined, true);

  test.each<[string, RegExp, Parts]>([
    ['a certificate of another key', /SignedCert holds another public key/, { signed: { key: 60 } }],
    ['a certificate of another issuer', /SignedCert was issued by 'CN=Other'/, { signed: { issuer: 'CN=Other' } }],
    ['a signature of another key', /signature of SignedCert does not verify/, { signed: { signer: 60 } }],
    ['a certificate that is not valid yet', /SignedCert is valid from 2031/, { signed: { notBefore: LATER } }],
    ['a certificate that is no longer valid', /SignedCert is valid from 2020/, { signed: PAST }],
    ['a root that is no longer valid', /TrustAnchor is valid from 2020/, { anchor: PAST }],
    ['an anchor that somebody else issued', /TrustAnchor is not self-signed/, { anchor: { issuer: 'CN=Other' } }],
    ['an anchor that somebody else signed', /TrustAnchor is not self-signed/, { anchor: { signer: 60 } }],
    [
      'a root with extensions but no Basic Constraints',
      /no Basic Constraints/,
      { anchor: { extensions: [new KeyUsagesExtension(KeyUsageFlags.keyCertSign)] } },
    ],
    ['a root that is no authority', /CA:FALSE/, { anchor: { extensions: [new BasicConstraintsExtension(false)] } }],
    [
      'a root that must not sign certificates',
      /Key Usage does not allow/,
      { anchor: { extensions: [ca, new KeyUsagesExtension(KeyUsageFlags.digitalSignature)] } },
    ],
    [
      'a root with an extension twice',
      /2\.5\.29\.14 more than once/,
      { anchor: { extensions: [ca, ...[1, 2].map((n) => new SubjectKeyIdentifierExtension(`0${n}`.repeat(20)))] } },
    ],
  ])('refuses %s', async (_case, message, { signed, anchor }) => {
    const id = await aws.requesting();
    const { Certificates } = await aws.cluster(id);
    const SignedCert = await aws.authority.issue(Certificates.ClusterCsr, signed);
    const TrustAnchor = await aws.authority.root(anchor);
    const error = await aws.failure('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor });
    expect(error).toMatchObject({ code: 'CloudHsmInvalidRequestException', message: expect.stringMatching(message) });
    expect(await aws.stateOfCluster(id)).toBe('UNINITIALIZED');
  });

  test('refuses text that is no certificate, and more than one certificate', async () => {
    const id = await aws.requesting();
    const root = await aws.authority.root();
    const message = async (SignedCert: string, TrustAnchor: string) =>
      (await aws.failure('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor })).message;
    const nonsense = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(await message(nonsense, root)).toBe('SignedCert is not an X.509 certificate in PEM format');
    expect(await message(root, '')).toMatch(/TrustAnchor holds 0 PEM certificates/);
    expect(await message(root, `${root}\n${root}`)).toMatch(/TrustAnchor holds 2 PEM certificates/);
  });

  test('is refused without a certificate request and in later states', async () => {
    const id = await aws.created();
    const certificates = { SignedCert: 'x', TrustAnchor: 'x' };
    const early = await aws.failure('InitializeCluster', { ClusterId: id, ...certificates });
    expect(early.message).toMatch(/no certificate request yet/);
    const late = await aws.failure('InitializeCluster', { ClusterId: await aws.initialized(), ...certificates });
    expect(late.message).toMatch(/is INITIALIZED/);
    const never = await aws.failure('InitializeCluster', { ClusterId: 'cluster-aaaaaaaaaaa', ...certificates });
    expect(never.code).toBe('CloudHsmResourceNotFoundException');
  });
});

interface Parts {
  readonly signed?: Parameters<CloudHsmHarness['authority']['issue']>[1];
  readonly anchor?: Parameters<CloudHsmHarness['authority']['root']>[0];
}

describe('the activation', () => {
  test('is seen 80 seconds later, and is done only once', async () => {
    const id = await aws.initialized();
    expect(aws.service.activate(aws.state(), id)).toBe('activated');
    expect(aws.service.activate(aws.state(), id)).toBe('already-activated');
    await aws.pass(79);
    expect(await aws.stateOfCluster(id)).toBe('INITIALIZED');
    await aws.pass(1);
    expect(await aws.stateOfCluster(id)).toBe('ACTIVE');
    expect(aws.service.activate(aws.state(), id)).toBe('already-activated');
  });

  test('fails for a cluster that is not initialized, unknown, or without an active HSM', async () => {
    const id = await aws.requesting();
    expect(() => aws.service.activate(aws.state(), id)).toThrow(/is UNINITIALIZED/);
    expect(() => aws.service.activate(aws.state(), 'cluster-x')).toThrow(/is unknown/);
    await aws.initialize(id);
    await aws.pass(60);
    aws.service.degrade(aws.state(), (await aws.cluster(id)).Hsms[0].HsmId);
    expect(() => aws.service.activate(aws.state(), id)).toThrow(/no active HSM/);
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;
const testWithOpenssl = openssl ? test : test.skip;

describe(openssl ? 'to openssl' : 'to openssl (skipped: the command is not installed)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cloudhsm-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const file = (name: string, pem: string) => {
    writeFileSync(join(directory, name), pem);
    return join(directory, name);
  };
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    return { status, text: stdout + stderr, stdout };
  };
  /** In the year of the sandbox. */
  const verify = (authority: string, certificate: string) =>
    run('verify', '-partial_chain', '-attime', '1893500000', '-CAfile', authority, certificate).text;

  testWithOpenssl('the request is a real one, and the HSM’s certificate has its key and both chains', async () => {
    const { Certificates } = await aws.cluster(await aws.requesting());
    const request = file('request.pem', Certificates.ClusterCsr);
    const hsm = file('hsm.pem', Certificates.HsmCertificate);
    const verified = run('req', '-in', request, '-noout', '-verify', '-subject');
    expect(verified).toMatchObject({ status: 0, text: expect.stringMatching(/verify OK/i) });
    expect(verified.text).toMatch(/CN ?= ?"?HSM:[0-9A-F]{6}:PARTN:1, for FIPS mode/);
    const requestKey = run('req', '-in', request, '-noout', '-pubkey').stdout;
    expect(requestKey).toMatch(/BEGIN PUBLIC KEY/);
    expect(run('x509', '-in', hsm, '-noout', '-pubkey').stdout).toBe(requestKey);
    expect(verify(file('aws.pem', Certificates.AwsHardwareCertificate), hsm)).toMatch(/OK/);
    expect(verify(file('maker.pem', Certificates.ManufacturerHardwareCertificate), hsm)).toMatch(/OK/);
  });

  testWithOpenssl('certificates that openssl makes of the request initialize the cluster', async () => {
    const id = await aws.requesting();
    const { Certificates } = await aws.cluster(id);
    const request = file('csr.pem', Certificates.ClusterCsr);
    const [key, root, signed] = ['key.pem', 'root.pem', 'signed.pem'].map((name) => join(directory, name));
    // openssl stamps real time, which is before the sandbox's.
    const days = ['-days', '3652'];
    run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key!, '-out', root!, '-subj', '/CN=Own', ...days);
    const sign = ['-CA', root!, '-CAkey', key!, '-CAcreateserial', '-out', signed!, ...days];
    expect(run('x509', '-req', '-in', request, ...sign).status).toBe(0);
    const read = (path: string) => run('x509', '-in', path).stdout;
    await aws.call('InitializeCluster', { ClusterId: id, SignedCert: read(signed!), TrustAnchor: read(root!) });
    expect(await aws.stateOfCluster(id)).toBe('INITIALIZE_IN_PROGRESS');
  });
});
