import type { Permission } from '../../iam/principal';
import type { Call, Document, Operation, Service, World } from '../service';
import { certificateOf, PrivateAuthorities } from './authorities';
import { issue, parseCsr } from './certificates';
import { inProgress, invalidArgs, notFound } from './errors';
import { model } from './model';
import { type AcmPcaOptions, type AcmPcaSettings, settingsOf } from './options';
import type { AcmPcaState, Authority } from './state';
import { templateOf } from './templates';
import { periodOf } from './validity';

/** AWS Private CA with root authorities that sign for real. README.md beside this file says more. */
export class AcmPcaService implements Service<AcmPcaState> {
  readonly name = 'acm-pca';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<AcmPcaState>>>;

  constructor(options: AcmPcaOptions = {}) {
    const settings = settingsOf(options);
    this.operations = {
      IssueCertificate: {
        permissions: (input) => {
          const context = input.TemplateArn === undefined ? undefined : { 'acm-pca:TemplateArn': input.TemplateArn };
          return [{ ...onAuthority('IssueCertificate', input), ...(context && { context }) }];
        },
        handle: issueCertificate,
      },
      GetCertificate: {
        permissions: (input) => [onAuthority('GetCertificate', input)],
        handle: (input, state, call) => getCertificate(input, state, call, settings),
      },
      GetCertificateAuthorityCertificate: {
        permissions: (input) => [onAuthority('GetCertificateAuthorityCertificate', input)],
        async handle(input, state, call) {
          const authority = existing(state, input.CertificateAuthorityArn);
          return { Certificate: await call.world.clock.during(() => certificateOf(authority)) };
        },
      },
    };
  }

  newState(): AcmPcaState {
    return { authorities: new Map() };
  }

  /** Authorities are part of a scenario: nothing that is tested makes or deletes one. */
  inventory(): readonly string[] {
    return [];
  }

  /** To make authorities. */
  authorities(world: World): PrivateAuthorities {
    return new PrivateAuthorities(world, this);
  }
}

/** For so long a repeated token means the same certificate. Source: the reference of IssueCertificate */
const TOKEN_MS = 5 * 60_000;

const HASHES: Readonly<Record<string, string>> = { SHA256: 'SHA-256', SHA384: 'SHA-384', SHA512: 'SHA-512' };

/** ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsprivatecertificateauthority.html */
function onAuthority(action: string, input: Document): Permission {
  return { action: `acm-pca:${action}`, resource: input.CertificateAuthorityArn };
}

async function issueCertificate(input: Document, state: AcmPcaState, call: Call): Promise<Document> {
  const authority = existing(state, input.CertificateAuthorityArn);
  const { clock, random } = call.world;
  const now = clock.now();
  if (input.ApiPassthrough !== undefined) throw invalidArgs('the sandbox knows no template that takes ApiPassthrough');
  const token: string | undefined = input.IdempotencyToken;
  const twin = [...authority.issued.values()].find(
    (issued) => token !== undefined && issued.token === token && now < issued.requestedAt + TOKEN_MS,
  );
  if (twin !== undefined) return { CertificateArn: twin.arn };

  const hash = hashOf(input.SigningAlgorithm, authority);
  const template = templateOf(input.TemplateArn);
  const period = periodOf(input.Validity, now, input.ValidityNotBefore);
  if (period.notAfter > authority.notAfter) {
    throw invalidArgs('The validity of the certificate must not end after that of the certificate authority.');
  }
  const serial = `7${random.hex(31)}`;
  const pem = await clock.during(async () => {
    const request = await parseCsr(input.Csr);
    return issue({ authority, request, template, serial, ...period, hash });
  });
  const arn = `${authority.arn}/certificate/${serial}`;
  authority.issued.set(arn, { arn, token, requestedAt: now, pem });
  return { CertificateArn: arn };
}

async function getCertificate(input: Document, state: AcmPcaState, call: Call, settings: AcmPcaSettings) {
  const authority = existing(state, input.CertificateAuthorityArn);
  const issued = authority.issued.get(input.CertificateArn);
  if (issued === undefined) throw notFound('certificate', input.CertificateArn);
  const { clock } = call.world;
  if (clock.now() < issued.requestedAt + settings.issuingSeconds * 1000) throw inProgress();
  return {
    Certificate: issued.pem,
    CertificateChain: await clock.during(() => certificateOf(authority)),
  };
}

function existing(state: AcmPcaState, arn: string): Authority {
  const authority = state.authorities.get(arn);
  if (authority === undefined) throw notFound('certificate authority', arn);
  return authority;
}

/** The algorithm must be of the family of the authority's key. */
function hashOf(algorithm: string, { spec, arn }: Authority): string {
  const family = spec.startsWith('RSA') ? 'RSA' : 'ECDSA';
  const [hash = '', given] = algorithm.split('WITH');
  if (given !== family) {
    throw invalidArgs(
      `signing algorithm ${algorithm} does not fit the ${family} key of ${arn}: use SHA256WITH${family}`,
    );
  }
  return HASHES[hash]!;
}
