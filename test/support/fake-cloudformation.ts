import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { STACK_ID } from './runs';

interface FakeStack {
  status: string;
  created: string;
  updated?: string;
}

interface FakeResource {
  status: string;
  updated: string;
  physicalId?: string;
}

interface FakeFailure {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

/** CloudFormation as a run sees it: one stack with one resource, over HTTP on loopback. */
export class FakeCloudFormation {
  /** Undefined: it does not exist. */
  stack?: FakeStack;
  /** Undefined: it is not listed yet. */
  resource?: FakeResource;
  /** What the next calls answer instead; undefined lets one through. */
  failures: Array<FakeFailure | undefined> = [];
  calls: string[] = [];
  private readonly server: Server = createServer(async (request, response) => {
    const { status, body } = await this.answer(request);
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-42' }).end(body);
  });

  reset(): void {
    this.stack = { status: 'CREATE_IN_PROGRESS', created: '2025-12-31T23:59:00.000Z' };
    this.resource = { status: 'CREATE_IN_PROGRESS', updated: '2025-12-31T23:59:30.000Z' };
    this.failures = [];
    this.calls = [];
  }

  /** A new operation of the stack, which is at this resource. */
  operate(stackStatus: string, resourceStatus: string, updated: string, physicalId?: string): void {
    this.stack = { status: stackStatus, created: '2025-12-31T23:59:00.000Z', updated };
    this.resource = { status: resourceStatus, updated, physicalId };
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const parameters = new URLSearchParams(await text(request));
    const action = parameters.get('Action') ?? '';
    this.calls.push(action);
    const failure = this.failures.shift() ?? this.missing(action, parameters);
    if (failure !== undefined) return { status: failure.status, body: errorXml(failure) };
    const result = action === 'DescribeStacks' ? this.stackXml() : this.resourceXml(parameters);
    return { status: 200, body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>` };
  }

  private missing(action: string, parameters: URLSearchParams): FakeFailure | undefined {
    if (parameters.get('StackName') !== STACK_ID)
      return { status: 400, code: 'ValidationError', message: 'no such stack' };
    if (action === 'DescribeStackResource' && this.resource === undefined) {
      return { status: 400, code: 'ValidationError', message: 'Resource does not exist for stack' };
    }
    return undefined;
  }

  private stackXml(): string {
    if (this.stack === undefined) return '<Stacks/>';
    const { status, created, updated } = this.stack;
    const last = updated === undefined ? '' : `<LastUpdatedTime>${updated}</LastUpdatedTime>`;
    return `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>shop</StackName><CreationTime>${created}</CreationTime>${last}<StackStatus>${status}</StackStatus></member></Stacks>`;
  }

  private resourceXml(parameters: URLSearchParams): string {
    const { status, updated, physicalId } = this.resource as FakeResource;
    const id = physicalId === undefined ? '' : `<PhysicalResourceId>${physicalId}</PhysicalResourceId>`;
    return `<StackResourceDetail><LogicalResourceId>${parameters.get('LogicalResourceId')}</LogicalResourceId>${id}<ResourceType>Custom::SettledThing</ResourceType><LastUpdatedTimestamp>${updated}</LastUpdatedTimestamp><ResourceStatus>${status}</ResourceStatus></StackResourceDetail>`;
  }
}

function errorXml({ code, message = 'as told by AWS' }: FakeFailure): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

/** Runs it for the tests of a file, which find it by the environment. Call in the file's top level. */
export function fakeCloudFormation(): FakeCloudFormation {
  const fake = new FakeCloudFormation();
  const environment = process.env;
  beforeAll(async () => {
    const url = await fake.start();
    const others = Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'));
    process.env = {
      ...Object.fromEntries(others),
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    };
  });
  beforeEach(() => fake.reset());
  afterAll(async () => {
    process.env = environment;
    await fake.stop();
  });
  return fake;
}
