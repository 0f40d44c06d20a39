import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ACMPCAClient,
  GetCertificateAuthorityCertificateCommand,
  GetCertificateCommand,
  IssueCertificateCommand,
  type IssueCertificateCommandInput,
} from '@aws-sdk/client-acm-pca';
import { ACCOUNT, allow, errorOf, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-pca-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

/** A request as a cluster has one: made by OpenSSL, so that nothing here vouches for itself. */
function request(name: string): Buffer {
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${name}/O=HSM`,
    '-out',
    `${name}.csr`,
  );
  return Buffer.from(openssl('req', '-in', `${name}.csr`));
}
const csr = request('cluster');

async function start(keySpec: 'RSA_2048' | 'ECC_NIST_P256' = 'RSA_2048') {
  const bed = await SupportingBed.start();
  const arn = bed.supporting.authorities.createAuthority({
    accountId: ACCOUNT,
    region: REGION,
    subject: 'CN=Root,O=Example',
    keySpec,
  });
  const client = new ACMPCAClient(bed.admin());
  const issue = (more: Partial<IssueCertificateCommandInput> = {}) =>
    client.send(
      new IssueCertificateCommand({
        CertificateAuthorityArn: arn,
        Csr: csr,
        SigningAlgorithm: keySpec === 'RSA_2048' ? 'SHA256WITHRSA' : 'SHA256WITHECDSA',
        Validity: { Type: 'DAYS', Value: 365 },
        ...more,
      }),
    );
  const get = (CertificateArn: string | undefined) =>
    client.send(new GetCertificateCommand({ CertificateAuthorityArn: arn, CertificateArn }));
  const issued = async (more: Partial<IssueCertificateCommandInput> = {}) => {
    const { CertificateArn } = await issue(more);
    await bed.clock.sleep(3_000);
    return get(CertificateArn);
  };
  return { bed, arn, client, issue, get, issued };
}

test.each(['RSA_2048', 'ECC_NIST_P256'] as const)(
  'an authority with a %s key signs certificates that OpenSSL verifies',
  async (keySpec) => {
    const { bed, arn, client, issued } = await start(keySpec);
    const root = await client.send(new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: arn }));
    const { Certificate, CertificateChain } = await issued();
    expect(CertificateChain).toBe(root.Certificate);
    writeFileSync(path.join(folder, 'root.pem'), root.Certificate!);
    writeFileSync(path.join(folder, 'cert.pem'), Certificate!);
    const now = String(Math.floor(bed.clock.now() / 1000));
    expect(openssl('verify', '-x509_strict', '-attime', now, '-CAfile', 'root.pem', 'cert.pem')).toContain(
      'cert.pem: OK',
    );
    expect(openssl('x509', '-in', 'cert.pem', '-noout', '-pubkey')).toBe(
      openssl('req', '-in', 'cluster.csr', '-noout', '-pubkey'),
    );
    expect(openssl('x509', '-in', 'cert.pem', '-noout', '-subject')).toMatch(/CN ?= ?cluster/);
    expect(openssl('x509', '-in', 'root.pem', '-noout', '-text')).toContain('CA:TRUE');
  },
);

test('a certificate can be fetched only after a while', async () => {
  const { bed, issue, get } = await start();
  const { CertificateArn } = await issue();
  expect((await errorOf(get(CertificateArn))).name).toBe('RequestInProgressException');
  await bed.clock.sleep(3_000);
  expect((await get(CertificateArn)).Certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
});

test('a repeated token means the same certificate for five minutes', async () => {
  const { bed, issue } = await start();
  const first = await issue({ IdempotencyToken: 't' });
  expect((await issue({ IdempotencyToken: 't' })).CertificateArn).toBe(first.CertificateArn);
  expect((await issue({ IdempotencyToken: 'u' })).CertificateArn).not.toBe(first.CertificateArn);
  expect((await issue()).CertificateArn).not.toBe((await issue()).CertificateArn);
  await bed.clock.sleep(5 * 60_000);
  expect((await issue({ IdempotencyToken: 't' })).CertificateArn).not.toBe(first.CertificateArn);
});

test('the template decides what the certificate is for', async () => {
  const { issued } = await start();
  const text = async (name: string) => {
    const { Certificate } = await issued({ TemplateArn: `arn:aws:acm-pca:::template/${name}/V1` });
    return execFileSync('openssl', ['x509', '-noout', '-text'], { input: Certificate, encoding: 'utf8' });
  };
  expect(await text('SubordinateCACertificate_PathLen0')).toContain('CA:TRUE, pathlen:0');
  expect(await text('EndEntityCertificate')).toContain('TLS Web Client Authentication');
});

test('what cannot be signed is refused', async () => {
  const { bed, arn, issue, client } = await start();
  const broken = Buffer.from(csr.toString().replace(/[A-Z]{4}/, 'AAAA'));
  expect((await errorOf(issue({ Csr: broken }))).name).toBe('MalformedCSRException');
  expect((await errorOf(issue({ Csr: Buffer.from('no request') }))).name).toBe('MalformedCSRException');
  expect((await errorOf(issue({ SigningAlgorithm: 'SHA256WITHECDSA' }))).message).toContain('use SHA256WITHRSA');
  expect((await errorOf(issue({ Validity: { Type: 'YEARS', Value: 11 } }))).name).toBe('InvalidArgsException');
  expect((await errorOf(issue({ TemplateArn: 'arn:aws:acm-pca:::template/Other/V1' }))).name).toBe(
    'InvalidArgsException',
  );
  const CertificateAuthorityArn = `${arn.slice(0, -1)}x`;
  const missing = await errorOf(
    client.send(new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn })),
  );
  expect(missing.name).toBe('ResourceNotFoundException');
  expect(bed.supporting.acmPca.inventory()).toEqual([]);
});

test('calls need the permission on the authority, and the template can be asked for', async () => {
  const { bed, arn } = await start();
  const TemplateArn = 'arn:aws:acm-pca:::template/EndEntityCertificate/V1';
  const condition = { StringEquals: { 'acm-pca:TemplateArn': TemplateArn } };
  const client = new ACMPCAClient(bed.as('Issuer', allow('acm-pca:IssueCertificate', arn, condition)));
  const input = {
    CertificateAuthorityArn: arn,
    Csr: csr,
    SigningAlgorithm: 'SHA256WITHRSA',
    Validity: { Type: 'DAYS', Value: 1 },
  } as const;
  await client.send(new IssueCertificateCommand({ ...input, TemplateArn }));
  for (const command of [
    new IssueCertificateCommand(input),
    new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: arn }),
  ]) {
    expect((await errorOf(client.send(command as IssueCertificateCommand))).name).toBe('AccessDeniedException');
  }
});
