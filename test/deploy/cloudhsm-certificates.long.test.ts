import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { CertificateAuthority as PrivateCa } from 'aws-cdk-lib/aws-acmpca';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { cloudhsm } from '../../src';
import { anAuthority } from '../support/certificates';
import {
  aCluster,
  atFirst,
  cluster,
  countOf,
  expectNothingLeft,
  onlyCluster,
  replaceFirstHsm,
  startHsmBed,
  stateOf,
  ZONES,
  zonesOf,
} from './cloudhsm-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const { CertificateAuthority } = cloudhsm;

/** Virtual time starts at 2030. */
const UNTIL = new Date('2040-01-01T00:00:00Z');

const openssl = hasOpenssl() ? test : test.skip;

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The certificates with which the only cluster was initialized. */
function claimOf(bed: Testbed) {
  const [made] = bed.sandbox.cloudHsm.clusters(stateOf(bed));
  return made!.claim!;
}

function trustAnchorOf(bed: Testbed, name: string): string | undefined {
  const { supporting, accountId, region } = bed.sandbox;
  return supporting.tools.parameters.value(accountId, region, name);
}

describe('an authority in KMS', () => {
  openssl('signs with a root that the openssl command accepts (skipped where there is none)', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster());
    const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-openssl-'));
    try {
      const { clusterCertificate, trustAnchor } = claimOf(bed);
      const [root, signed] = [path.join(folder, 'root.pem'), path.join(folder, 'cluster.pem')];
      writeFileSync(root, trustAnchor);
      writeFileSync(signed, clusterCertificate);
      const now = Math.floor(bed.sandbox.clock.now() / 1000);
      const verify = ['verify', '-x509_strict', '-attime', `${now}`, '-CAfile', root];
      expect(execFileSync('openssl', [...verify, root], { encoding: 'utf8' })).toContain('root.pem: OK');
      const verifySigned = ['verify', '-attime', `${now}`, '-CAfile', root, signed];
      expect(execFileSync('openssl', verifySigned, { encoding: 'utf8' })).toContain('cluster.pem: OK');
    } finally {
      rmSync(folder, { recursive: true });
    }
    await expectNothingLeft(bed);
  });

  test('leaves the trust anchor in a parameter that goes with the stack', async () => {
    const bed = await startHsmBed();
    const { outputs } = await bed.deploy((stack) => {
      new CfnOutput(stack, 'Anchor', { value: aCluster(stack).trustAnchorParameter!.parameterName });
    });
    expect(trustAnchorOf(bed, outputs.Anchor!)?.trim()).toBe(claimOf(bed).trustAnchor.trim());
    await expectNothingLeft(bed);
    expect(trustAnchorOf(bed, outputs.Anchor!)).toBeUndefined();
  });
});

test('an authority of AWS Private CA issues the certificate', async () => {
  const bed = await startHsmBed();
  const { accountId, region, supporting } = bed.sandbox;
  const arn = supporting.authorities.createAuthority({ accountId, region, subject: 'CN=Private Root' });
  const result = await bed.deploy((stack) => {
    const authority = PrivateCa.fromCertificateAuthorityArn(stack, 'Ca', arn);
    aCluster(stack, { initialization: CertificateAuthority.privateCa(authority) });
  });
  expect(failureReason(result)).toBe('');
  expect((await onlyCluster(bed)).State).toBe('ACTIVE');
  await expectNothingLeft(bed);
});

test.each(['with its certificate', 'without one'])('an own key in a secret signs, %s', async (kind) => {
  const bed = await startHsmBed();
  const { accountId, region, supporting } = bed.sandbox;
  const own = await anAuthority('CN=Own Root', UNTIL);
  const certificate = kind === 'without one' ? undefined : own.root;
  const { arn } = supporting.tools.secrets.create(accountId, region, {
    name: 'own-authority',
    value: JSON.stringify({ privateKey: own.privateKey, certificate }),
  });
  const result = await bed.deploy((stack) => {
    const secret = Secret.fromSecretCompleteArn(stack, 'Authority', arn);
    aCluster(stack, { initialization: CertificateAuthority.secret(secret) });
  });
  expect(failureReason(result)).toBe('');
  expect((await onlyCluster(bed)).State).toBe('ACTIVE');
  if (certificate !== undefined) expect(claimOf(bed).trustAnchor.trim()).toBe(certificate.trim());
  await expectNothingLeft(bed, ['secret own-authority']);
});

describe('a signature that is made elsewhere', () => {
  const requesting = (stack: Stack) => {
    const made = aCluster(stack, { initialization: CertificateAuthority.external() });
    new CfnOutput(stack, 'Request', { value: made.certificateRequestParameter!.parameterName });
  };

  const signed = (signedCertificate: string, trustAnchor: string) =>
    cluster({ hsmCount: 2, initialization: CertificateAuthority.external({ signedCertificate, trustAnchor }) });

  async function requestOf(bed: Testbed): Promise<string> {
    const result = await bed.deploy(requesting);
    expect(result.status).toBe('CREATE_COMPLETE');
    expect((await onlyCluster(bed)).State).toBe('UNINITIALIZED');
    return trustAnchorOf(bed, result.outputs.Request!)!;
  }

  test('takes two deployments, between which the request can be read', async () => {
    const bed = await startHsmBed();
    const own = await anAuthority('CN=Own Root', UNTIL);
    const certificate = await own.sign(await requestOf(bed));
    expect((await bed.deploy(signed(certificate, own.root))).status).toBe('UPDATE_COMPLETE');
    const made = await onlyCluster(bed);
    expect(made.State).toBe('ACTIVE');
    expect(zonesOf(made)).toEqual(ZONES.slice(0, 2));
    await expectNothingLeft(bed);
  });

  test('of a request that has changed since is refused with the remedy, and the rollback keeps the cluster', async () => {
    const bed = await startHsmBed();
    const own = await anAuthority('CN=Own Root', UNTIL);
    const certificate = await own.sign(await requestOf(bed));
    replaceFirstHsm(bed);
    await bed.sandbox.clock.sleep(60_000);
    const result = await bed.deploy(signed(certificate, own.root));
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/sign the request again; the current request stands in the parameter/);
    expect((await onlyCluster(bed)).State).toBe('UNINITIALIZED');
    await expectNothingLeft(bed);
  });
});

describe('an HSM that AWS replaces', () => {
  test('before the initialization changes the request, which is signed again', async () => {
    const bed = await startHsmBed();
    atFirst(bed, 'Sign', () => replaceFirstHsm(bed));
    const result = await bed.deploy(cluster({ hsmCount: 2 }));
    expect(failureReason(result)).toBe('');
    expect((await onlyCluster(bed)).State).toBe('ACTIVE');
    expect(countOf(bed, 'CreateHsm')).toBe(2);
    await expectNothingLeft(bed);
  });

  test('before the activation delays it', async () => {
    const bed = await startHsmBed();
    atFirst(bed, 'InitializeCluster', () => replaceFirstHsm(bed));
    const result = await bed.deploy(cluster({ hsmCount: 2 }));
    expect(failureReason(result)).toBe('');
    expect((await onlyCluster(bed)).State).toBe('ACTIVE');
    expect(countOf(bed, 'CreateHsm')).toBe(2);
    await expectNothingLeft(bed);
  });

  test('after the activation is no change: it stays on its interface', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster());
    const { Hsms: before } = await onlyCluster(bed);
    replaceFirstHsm(bed);
    expect((await bed.deploy(cluster({ hsmCount: 2, tags: { a: '1' } }))).status).toBe('UPDATE_COMPLETE');
    await bed.sandbox.clock.sleep(60_000);
    const { Hsms: after } = await onlyCluster(bed);
    const same = after!.find(({ EniId }) => EniId === before![0]!.EniId)!;
    expect(same.HsmId).not.toBe(before![0]!.HsmId);
    expect(after).toHaveLength(2);
    expect(countOf(bed, 'CreateHsm')).toBe(2);
    await expectNothingLeft(bed);
  });
});
