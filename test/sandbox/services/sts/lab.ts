import { Sha256 } from '@aws-crypto/sha256-js';
import {
  type Credentials,
  DecodeAuthorizationMessageCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AnyService } from '../../../../sandbox/endpoint/reception';
import { authorize } from '../../../../sandbox/iam/authorization';
import type { AccessKey, TemporaryCredentials } from '../../../../sandbox/iam/credentials';
import type { Permission } from '../../../../sandbox/iam/principal';
import type { NewUser } from '../../../../sandbox/iam/users';
import { ACCOUNT, policyOf, Testbed } from '../../endpoint/testbed';

export { ACCOUNT, errorOf, OTHER_ACCOUNT, policyOf, trustOf } from '../../endpoint/testbed';

interface Answer {
  readonly Credentials?: Credentials;
}

export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** A test bed, and who calls STS in it. */
export class StsLab extends Testbed {
  private static readonly open: StsLab[] = [];

  static async start(...services: readonly AnyService[]): Promise<StsLab> {
    const lab = new StsLab(...services);
    StsLab.open.push(lab);
    await lab.endpoint.start();
    return lab;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const lab of StsLab.open.splice(0)) await lab.endpoint.stop();
  }

  as(credentials: AccessKey | TemporaryCredentials, region = 'eu-central-1'): STSClient {
    return new STSClient({ ...this.client(credentials), region });
  }

  user(name: string, statements: object[], more: Partial<NewUser> = {}) {
    const user = this.iam.users.create({
      accountId: ACCOUNT,
      name,
      ...(statements.length > 0 && { inlinePolicies: { own: policyOf(...statements) } }),
      ...more,
    });
    const keys = this.credentials.forUser(user);
    return { user, keys, sts: this.as(keys) };
  }

  /** A client that has no credentials, as a browser or a build agent. */
  stranger(region?: string): STSClient {
    const sts = new STSClient({ region: 'eu-central-1', endpoint: this.endpoint.url, maxAttempts: 1 });
    if (region === undefined) return sts;
    const inRegion = (next: (args: object) => Promise<never>) => (args: { request: { headers: object } }) => {
      Object.assign(args.request.headers, { 'x-sandbox-region': region });
      return next(args);
    };
    // biome-ignore lint/suspicious/noExplicitAny: the middleware's own types say no more
    sts.middlewareStack.add(inRegion as any, { step: 'build' });
    return sts;
  }

  /** Credentials as an answer has them, for a client. */
  taken(answer: Answer) {
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  }

  /** The answer's text to a signed form, of a service for which there is no client. */
  async query(service: string, form: Readonly<Record<string, string>>, credentials: TemporaryCredentials) {
    const { hostname, port, host } = new URL(this.endpoint.url);
    const signer = new SignatureV4({ service, region: 'eu-central-1', credentials, sha256: Sha256 });
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: '/',
        query: {},
        headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      },
      { signingDate: this.clock.date() },
    );
    const { host: _, ...headers } = signed.headers;
    return (await fetch(this.endpoint.url, { method: 'POST', headers, body: signed.body })).text();
  }

  /** A call that needs a permission, of anybody. */
  decode(sts: STSClient) {
    return sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: this.iam.messages.encode(ACCOUNT, {}) }));
  }

  /** Whether the holder of the answer's credentials may do something in no service in particular. */
  may(answer: Answer, action: string, more: Partial<Permission> = {}) {
    const { principal } = this.credentials.find(this.taken(answer).accessKeyId)!;
    const permission = { action, resource: `arn:aws:sns:eu-central-1:${ACCOUNT}:topic`, ...more };
    return authorize(this.iam, principal, permission).decision === 'allowed';
  }

  identity(credentials: AccessKey | TemporaryCredentials) {
    return this.as(credentials).send(new GetCallerIdentityCommand({}));
  }
}

export function allow(action: string | string[], resource: string = '*', Condition?: object) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(Condition && { Condition }) };
}
