import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AssumedRole } from './assumed-role';
import { observeDenial } from './denial-observer';
import { type SessionCredentials, sessionCredentials } from './session-credentials';

/** How long a call may take until it counts as lost; what it was to do may still happen. */
export const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 3_000;

export interface ClientConfiguration {
  readonly region: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly retryStrategy: typeof neverAgain;
  readonly requestHandler: NodeHttpHandler;
  readonly credentials?: SessionCredentials;
}

type ClientClass<Client> = new (configuration: ClientConfiguration) => Client;

/** What all clients of the SDK have, old and new, whose types do not agree. */
interface Extensible {
  readonly middlewareStack: { add(middleware: Middleware, options: { step: 'initialize'; name: string }): void };
}

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers are those of many services
type Middleware = (next: (call: any) => Promise<any>) => (call: any) => Promise<any>;

/**
 * The AWS clients of one invocation: made in this place alone, with the credentials of the role to assume where there
 * is one, which is assumed once for all of them. They live as long as the invocation, so that no credentials pass from
 * one resource to another.
 */
export class AwsClients {
  private readonly clients = new Map<unknown, unknown>();
  private readonly otherRegions = new Map<string, AwsClients>();

  constructor(
    readonly region: string,
    private readonly assumedRole?: AssumedRole,
    private readonly credentials = assumedRole && sessionCredentials(assumedRole, stsConfiguration),
  ) {}

  /** `service` is the name in the `AWS_ENDPOINT_URL_<SERVICE>` variable, such as `RUM` or `CLOUDHSM_V2`. */
  get<Client>(clientClass: ClientClass<Client>, service: string): Client {
    const existing = this.clients.get(clientClass) as Client | undefined;
    if (existing !== undefined) return existing;
    const client = new clientClass(this.configuration(service));
    (client as Extensible).middlewareStack.add(this.observingDenials(), { step: 'initialize', name: 'observeDenials' });
    this.clients.set(clientClass, client);
    return client;
  }

  /** The clients of another region, with the same credentials. */
  inRegion(region: string): AwsClients {
    if (region === this.region) return this;
    const existing = this.otherRegions.get(region);
    if (existing !== undefined) return existing;
    const clients = new AwsClients(region, this.assumedRole, this.credentials);
    this.otherRegions.set(region, clients);
    return clients;
  }

  private configuration(service: string): ClientConfiguration {
    const configuration = baseConfiguration(this.region, service);
    return this.credentials === undefined ? configuration : { ...configuration, credentials: this.credentials };
  }

  private observingDenials(): Middleware {
    const observer = { roleArn: this.assumedRole?.request.RoleArn, sts: () => this.get(STSClient, 'STS') };
    return (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        await observeDenial(error, observer);
        throw error;
      }
    };
  }
}

const requestHandler = new NodeHttpHandler({
  connectionTimeout: CONNECTION_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  throwOnRequestTimeout: true,
});

/**
 * Old versions of the SDK, such as that of CloudHSM's newest client, make a second attempt although `maxAttempts` is 1: a
 * CreateHsm whose answer was lost would so be two.
 */
const neverAgain = {
  acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
  refreshRetryTokenForRetry: async (): Promise<never> => {
    throw new Error('the loop repeats calls, and not the SDK');
  },
  recordSuccess: () => undefined,
};

function baseConfiguration(region: string, service: string): ClientConfiguration {
  return {
    region,
    // Not all versions of the SDK look at these variables themselves.
    endpoint: process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env.AWS_ENDPOINT_URL,
    // The loop is the one place that repeats: it looks before it acts again.
    maxAttempts: 1,
    retryStrategy: neverAgain,
    requestHandler,
  };
}

function stsConfiguration(region: string): ReturnType<typeof baseConfiguration> {
  return baseConfiguration(region, 'STS');
}
