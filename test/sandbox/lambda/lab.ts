import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Endpoint } from '../../../sandbox/endpoint/endpoint';
import { Credentials } from '../../../sandbox/iam/credentials';
import { Iam } from '../../../sandbox/iam/iam';
import type { PolicyDocument } from '../../../sandbox/iam/principal';
import { Clock } from '../../../sandbox/kernel/clock';
import { Executions } from '../../../sandbox/kernel/executions';
import { Faults } from '../../../sandbox/kernel/faults';
import { Journal } from '../../../sandbox/kernel/journal';
import { Random } from '../../../sandbox/kernel/random';
import type { FunctionConfiguration } from '../../../sandbox/lambda/function-configuration';
import { Functions, type FunctionsOptions } from '../../../sandbox/lambda/functions';
import type { Service, World } from '../../../sandbox/services/service';
import { StateMachines } from '../../../sandbox/states/state-machines';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';

/** Functions, state machines and the endpoint, without CloudFormation: what the tests of these parts need. */
export class Lab {
  readonly clock = new Clock();
  readonly random = new Random(7);
  readonly iam = new Iam('aws', this.random);
  readonly credentials = new Credentials(this.clock, this.random);
  readonly executions = new Executions();
  readonly faults = new Faults();
  readonly journal = new Journal();
  readonly world: World;
  readonly functions: Functions;
  readonly stateMachines: StateMachines;
  readonly endpoint: Endpoint;
  /** Virtual time at the start. */
  readonly start = this.clock.now();
  private readonly folders: string[] = [];

  constructor(
    receiver: { port: number; caFile: string } = { port: 9, caFile: '' },
    more: Pick<FunctionsOptions, 'environments' | 'unresolvable'> = {},
  ) {
    const states = new Map<string, unknown>();
    this.world = {
      clock: this.clock,
      random: this.random,
      partition: 'aws',
      state<State>(service: Service<State>, accountId: string, region: string): State {
        const key = [service.name, accountId, region].join();
        if (!states.has(key)) states.set(key, service.newState());
        return states.get(key) as State;
      },
    };
    const { world, iam, credentials, executions } = this;
    this.functions = new Functions({
      world,
      iam,
      credentials,
      executions,
      endpointUrl: () => this.endpoint.url,
      caFile: () => receiver.caFile,
      responsePort: () => receiver.port,
      ...more,
    });
    this.stateMachines = new StateMachines({ world, iam, credentials, functions: this.functions });
    this.endpoint = new Endpoint({
      world,
      iam,
      credentials,
      executions,
      services: [this.functions.service, this.stateMachines.service],
      faults: this.faults,
      journal: this.journal,
      latency: { minMs: 50, maxMs: 50 },
    });
  }

  /** Virtual milliseconds since the start. */
  get elapsed(): number {
    return this.clock.now() - this.start;
  }

  /** A folder with the given files. */
  folder(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-function-'));
    this.folders.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return folder;
  }

  role(name: string, service: string, policy?: PolicyDocument): string {
    const trust = {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    } as const;
    const existing = this.iam.roleByName(ACCOUNT, name);
    const inlinePolicies = policy && { inlinePolicies: { permissions: policy } };
    return (existing ?? this.iam.createRole({ accountId: ACCOUNT, name, trust, ...inlinePolicies })).arn;
  }

  /** A function whose code is given, and whose role may do everything. */
  create(name: string, code: string, other: Partial<FunctionConfiguration> = {}): string {
    return this.functions.create({
      accountId: ACCOUNT,
      region: REGION,
      name,
      codeDirectory: other.codeDirectory ?? this.folder({ 'index.js': code }),
      handler: 'index.handler',
      runtime: 'nodejs20.x',
      timeoutSeconds: 900,
      environment: {},
      roleArn: this.role('everything', 'lambda.amazonaws.com', ALLOW_ALL),
      ...other,
    }).arn;
  }

  /** Invokes and parses the answer. */
  async invoke(arn: string, event: unknown = {}) {
    const result = await this.functions.invoke(arn, JSON.stringify(event));
    return { ...result, payload: JSON.parse(result.payload) };
  }

  async stop(): Promise<void> {
    await this.functions.stop();
    await this.endpoint.stop();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}

export const ALLOW_ALL: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
