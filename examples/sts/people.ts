import { ListAppMonitorsCommand, RUMClient, type RUMClientConfig } from '@aws-sdk/client-rum';
import {
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
import type { SamlIssuer } from '../../sandbox/issuers/saml-issuer';
import type { WebIdentityIssuer } from '../../sandbox/issuers/web-identity-issuer';
import type { Sandbox } from '../../sandbox/sandbox';

/** What somebody does with credentials. */
type Trial = (configuration: RUMClientConfig & STSClientConfig) => Promise<string>;

interface Entrance {
  readonly Credentials?: Partial<Credentials>;
}

const listing: Trial = async (configuration) => {
  await new RUMClient(configuration).send(new ListAppMonitorsCommand({}));
  return 'and may list app monitors';
};

/** For whom Cognito lets do no more than send data. */
const identity: Trial = async (configuration) => {
  const { Arn } = await new STSClient(configuration).send(new GetCallerIdentityCommand({}));
  return `and is ${Arn}`;
};

type Outputs = Readonly<Record<string, string>>;

/** Those who come into the account by the roles of the example. Each answers how it went. */
export class People {
  constructor(
    private readonly sandbox: Sandbox,
    /** Of the stack with the roles. */
    private readonly outputs: Outputs,
  ) {}

  /** A build of a branch shows the token that its CI system has given it. */
  build(ci: WebIdentityIssuer, branch: string): Promise<string> {
    const now = Math.floor(this.sandbox.clock.now() / 1000);
    const WebIdentityToken = ci.token({
      aud: 'sts.amazonaws.com',
      sub: `repo:shop/site:ref:refs/heads/${branch}`,
      iat: now,
      exp: now + 600,
    });
    const RoleArn = this.outputs.ReleaseRole;
    return this.told(`a build of branch ${branch}, by AssumeRoleWithWebIdentity`, () =>
      this.stranger().send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: branch, WebIdentityToken }),
      ),
    );
  }

  /** Somebody of the staff shows the assertion of the directory. */
  staff(directory: SamlIssuer, name: string): Promise<string> {
    const { StaffRole: RoleArn = '', DirectoryArn: PrincipalArn = '' } = this.outputs;
    const SAMLAssertion = directory.response({
      now: this.sandbox.clock.now(),
      attributes: { Role: [`${RoleArn},${PrincipalArn}`], RoleSessionName: [name] },
    });
    return this.told(`${name} of the staff, by AssumeRoleWithSAML`, () =>
      this.stranger().send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion })),
    );
  }

  /** A visitor's browser asks Amazon Cognito for credentials, without any of its own. */
  visitor(): Promise<string> {
    return this.told(
      'a visitor, by GetCredentialsForIdentity of Amazon Cognito',
      async () => {
        const { IdentityId } = await this.cognito('GetId', { IdentityPoolId: this.outputs.VisitorPool });
        const { Credentials: given } = await this.cognito('GetCredentialsForIdentity', { IdentityId });
        const { AccessKeyId, SecretKey, SessionToken } = given as Record<string, string>;
        return { Credentials: { AccessKeyId, SecretAccessKey: SecretKey, SessionToken } };
      },
      identity,
    );
  }

  /** Our own server has signed a customer in, and asks for credentials with its key. */
  customer(name: string): Promise<string> {
    const { CustomerPolicy: Policy } = this.outputs;
    return this.told(`${name}, by GetFederationToken`, () =>
      this.userNamed('BrokerUser').send(new GetFederationTokenCommand({ Name: name, Policy })),
    );
  }

  /** An operator starts a session, with the code that the device shows or without. */
  operator(TokenCode?: string): Promise<string> {
    const SerialNumber = TokenCode && this.outputs.OperatorDevice;
    return this.told(`the operator ${TokenCode ? 'with' : 'without'} a code of the device, by GetSessionToken`, () =>
      this.userNamed('Operator').send(new GetSessionTokenCommand({ SerialNumber, TokenCode })),
    );
  }

  /** Gets credentials, and tries what everybody is to be able to do with them. */
  private async told(who: string, enter: () => Promise<Entrance>, trying = listing): Promise<string> {
    try {
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = (await enter()).Credentials ?? {};
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      return `${who}: comes in, ${await trying({ ...this.sandbox.clientConfiguration(), credentials })}`;
    } catch (error) {
      return `${who}: refused (${(error as Error).name})`;
    }
  }

  private stranger(): STSClient {
    const { region } = this.sandbox;
    return new STSClient({ region, endpoint: this.sandbox.endpoint.url, maxAttempts: 1 });
  }

  private userNamed(output: string): STSClient {
    const { iam, accountId, credentials } = this.sandbox;
    const user = iam.users.byName(accountId, this.outputs[output] ?? '');
    if (user === undefined) throw new Error(`there is no user of the output ${output}`);
    return new STSClient({ ...this.sandbox.clientConfiguration(), credentials: credentials.forUser(user) });
  }

  /** There is no client for Cognito here; its calls need no signature. */
  private async cognito(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(this.sandbox.endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityService.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }
}
