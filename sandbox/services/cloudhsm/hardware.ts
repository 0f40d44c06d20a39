/**
 * The certificates by which an HSM shows who it is, and its certificate request. Keys and certificates are real and made by
 * the sandbox; they chain as the user guide says (verify-hsm-identity.html): the hardware signs the HSM's certificate, AWS
 * and the manufacturer each vouch for the hardware, and the request is made with the key of the HSM's certificate.
 * The subject of the request is like those seen in the field; AWS does not document it.
 */
import 'reflect-metadata';
import { createHash, type KeyObject, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type JsonName,
  Pkcs10CertificateRequestGenerator,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { rsaKey } from './rsa-key';

/** The piece of hardware in an HSM's place. */
export interface HardwareUnit {
  readonly id: string;
  readonly keyNumber: number;
  readonly since: number;
}

/** PEM. */
export interface HardwareCertificates {
  readonly request: string;
  readonly hsm: string;
  readonly awsHardware: string;
  readonly manufacturerHardware: string;
}

export class Hardware {
  private units = 0;
  private readonly made = new Map<string, Promise<HardwareCertificates>>();

  /** Numbers the keys of a sandbox from one on, so that all sandboxes of a process can share them. */
  nextKeyNumber(): number {
    this.units += 1;
    return FIRST_UNIT_KEY + this.units;
  }

  publicKey(unit: HardwareUnit): KeyObject {
    return rsaKey(unit.keyNumber).publicKey;
  }

  certificates(unit: HardwareUnit): Promise<HardwareCertificates> {
    const made = this.made.get(unit.id) ?? makeCertificates(unit);
    this.made.set(unit.id, made);
    return made;
  }
}

const FIRST_UNIT_KEY = 100;

/** Numbers of the keys that all units share: they sit on one piece of hardware, which two roots vouch for. */
const AWS_ROOT = 1;
const MANUFACTURER_ROOT = 2;
const HARDWARE = 3;

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const PROVIDER = webcrypto as Parameters<typeof X509CertificateGenerator.create>[1];

const AWS_NAME = 'CN=cdk-settled sandbox: AWS CloudHSM root';
const MANUFACTURER_NAME = 'CN=cdk-settled sandbox: HSM manufacturer root';
const HARDWARE_NAME = 'CN=cdk-settled sandbox: HSM hardware';

const HARDWARE_SINCE = Date.parse('2020-01-01T00:00:00Z');
const VALID_YEARS = 30;

async function makeCertificates(unit: HardwareUnit): Promise<HardwareCertificates> {
  const name = subjectOf(unit);
  const hardware = { subject: HARDWARE_NAME, key: HARDWARE, since: HARDWARE_SINCE };
  const [request, hsm, awsHardware, manufacturerHardware] = await Promise.all([
    makeRequest(unit, name),
    certify({ subject: name, key: unit.keyNumber, since: unit.since }, HARDWARE_NAME, HARDWARE),
    certify({ ...hardware, ca: true }, AWS_NAME, AWS_ROOT),
    certify({ ...hardware, ca: true }, MANUFACTURER_NAME, MANUFACTURER_ROOT),
  ]);
  return { request, hsm, awsHardware, manufacturerHardware };
}

function subjectOf(unit: HardwareUnit): JsonName {
  const partition = createHash('sha256').update(unit.id).digest('hex').slice(0, 6).toUpperCase();
  return [
    { C: ['US'] },
    { ST: ['CA'] },
    { O: ['Cavium'] },
    { OU: ['N3FIPS'] },
    { L: ['SanJose'] },
    { CN: [`HSM:${partition}:PARTN:1, for FIPS mode`] },
  ];
}

async function makeRequest(unit: HardwareUnit, name: JsonName): Promise<string> {
  const keys = await keyPair(unit.keyNumber);
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM }, PROVIDER);
  return request.toString('pem');
}

interface Subject {
  readonly subject: JsonName | string;
  readonly key: number;
  readonly since: number;
  readonly ca?: boolean;
}

async function certify(certified: Subject, issuer: string, signer: number): Promise<string> {
  const [{ publicKey }, { privateKey }] = await Promise.all([keyPair(certified.key), keyPair(signer)]);
  const notBefore = new Date(certified.since);
  const notAfter = new Date(certified.since);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + VALID_YEARS);
  const certificate = await X509CertificateGenerator.create(
    {
      subject: certified.subject,
      issuer,
      publicKey,
      signingKey: privateKey,
      signingAlgorithm: ALGORITHM,
      // A number of its own for each, and the same in each run.
      serialNumber: `${signer.toString(16).padStart(4, '0')}${certified.key.toString(16).padStart(8, '0')}`,
      notBefore,
      notAfter,
      extensions: [new BasicConstraintsExtension(certified.ca === true, undefined, true)],
    },
    PROVIDER,
  );
  return certificate.toString('pem');
}

async function keyPair(number: number) {
  const { jwk } = rsaKey(number);
  const { kty, n, e } = jwk;
  const [publicKey, privateKey] = await Promise.all([
    webcrypto.subtle.importKey('jwk', { kty, n, e }, ALGORITHM, true, ['verify']),
    webcrypto.subtle.importKey('jwk', jwk, ALGORITHM, true, ['sign']),
  ]);
  return { publicKey, privateKey };
}
