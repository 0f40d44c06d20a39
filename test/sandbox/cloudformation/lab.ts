import type { StackOptions } from '../../../sandbox/cloudformation/engine';
import type { StackEvent } from '../../../sandbox/cloudformation/events';
import { type DeployOptions, type StackResult, Stacks } from '../../../sandbox/cloudformation/stacks';
import { Credentials } from '../../../sandbox/iam/credentials';
import { Iam } from '../../../sandbox/iam/iam';
import { Clock } from '../../../sandbox/kernel/clock';
import { Random } from '../../../sandbox/kernel/random';
import { Macie2Service } from '../../../sandbox/services/macie2/macie2-service';
import type { World } from '../../../sandbox/services/service';
import { type SupportingOptions, SupportingServices } from '../../../sandbox/services/supporting-services';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const TOKEN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:handler`;

export interface CustomEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceProperties: Record<string, unknown>;
  readonly OldResourceProperties?: Record<string, unknown>;
}

/** What a custom resource's function answers, or a whole body; undefined: no answer ever. */
export type Answer =
  | { afterSeconds?: number; id?: string; data?: object; failed?: string; body?: string; change?: object }
  | undefined;

/** CloudFormation with functions and a receiver in memory. */
export class Lab {
  readonly clock = new Clock();
  readonly random = new Random(7);
  readonly events: CustomEvent[] = [];
  readonly createdFunctions: Array<Record<string, unknown>> = [];
  readonly lateAnswers: string[] = [];
  readonly stacks: Stacks;
  readonly iam = new Iam('aws', this.random);
  readonly credentials = new Credentials(this.clock, this.random);
  readonly world: World;
  readonly supporting: SupportingServices;
  readonly macie2 = new Macie2Service();
  /** How the function behind `TOKEN` answers. */
  handler: (event: CustomEvent) => Answer = () => ({});
  private readonly open = new Map<string, (body: string) => void>();
  private readonly listeners: Array<(call: never) => void> = [];

  constructor(options: StackOptions = {}, supporting: SupportingOptions = {}) {
    const states = new Map<string, unknown>();
    const world: World = {
      clock: this.clock,
      random: this.random,
      partition: 'aws',
      state(service, accountId, region) {
        const key = `${service.name} ${accountId} ${region}`;
        states.set(key, states.get(key) ?? service.newState());
        return states.get(key) as never;
      },
    };
    this.world = world;
    this.supporting = new SupportingServices({ world, iam: this.iam, credentials: this.credentials }, supporting);
    this.stacks = new Stacks({
      world,
      iam: this.iam,
      credentials: this.credentials,
      functions: this.functions() as never,
      stateMachines: {
        create: ({ name }: { name: string }) => ({
          arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`,
          name,
        }),
        delete: () => undefined,
      } as never,
      receiver: this.receiver() as never,
      services: {
        ...this.supporting.tools,
        cognitoIdentity: {} as never,
        macieSessions: this.macie2.sessions(world),
        schedules: {} as never,
      },
      journal: { onCall: (listener) => this.listeners.push(listener as never) as never },
      options,
    });
  }

  deploy(resources: object, o: Partial<DeployOptions> & { template?: object } = {}): Promise<StackResult> {
    const { template = {}, ...rest } = o;
    return this.stacks.deploy(
      { Resources: resources, ...template },
      { stackName: 'app', accountId: ACCOUNT, region: REGION, assets: { directory: () => '/code' }, ...rest },
    );
  }

  delete(o?: { retainResources?: string[] }): Promise<StackResult> {
    return this.stacks.delete('app', ACCOUNT, REGION, o);
  }

  /** The stack that was last given this name, deleted or not. */
  stack(name = 'app') {
    return this.stacks.get(name, ACCOUNT, REGION)!;
  }

  inventory(): string[] {
    const inServices = this.supporting.all.flatMap((service) => [
      ...service.inventory(this.world.state(service, ACCOUNT, REGION)),
    ]);
    return [...this.stacks.inventory(ACCOUNT, REGION), ...inServices];
  }

  /** Tells the stacks of a call at the endpoint. */
  call(operation: string): void {
    for (const listener of this.listeners) listener({ operation } as never);
  }

  /** The requests so far, shortly: `Create A`, `Delete A a-1`. */
  requests(): string[] {
    return this.events.map((event) =>
      [event.RequestType, event.LogicalResourceId, event.PhysicalResourceId].filter(Boolean).join(' '),
    );
  }

  private functions() {
    return {
      create: (configuration: { name: string }) => {
        this.createdFunctions.push(configuration);
        return { ...configuration, arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${configuration.name}` };
      },
      update: (_arn: string, patch: object) => this.createdFunctions.push({ ...patch }),
      delete: () => undefined,
      get: (arn: string) => (arn.endsWith(':missing') ? undefined : { arn }),
      invokeAsync: (_arn: string, payload: string) => {
        const event = JSON.parse(payload) as CustomEvent;
        this.events.push(event);
        const answer = this.handler(event);
        if (answer !== undefined)
          this.clock.schedule((answer.afterSeconds ?? 1) * 1000, () => this.answer(event, answer));
      },
    };
  }

  private answer(event: CustomEvent, answer: Exclude<Answer, undefined>): void {
    const body = {
      Status: answer.failed === undefined ? 'SUCCESS' : 'FAILED',
      Reason: answer.failed,
      PhysicalResourceId: answer.id ?? event.PhysicalResourceId ?? `${event.LogicalResourceId.toLowerCase()}-1`,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      Data: answer.data,
      ...answer.change,
    };
    const deliver = this.open.get(event.ResponseURL);
    if (deliver === undefined) this.lateAnswers.push(event.LogicalResourceId);
    else deliver(answer.body ?? JSON.stringify(body));
  }

  private receiver() {
    let next = 0;
    return {
      expect: (handler: (body: string) => void) => {
        const url = `https://localhost/${next++}`;
        this.open.set(url, handler);
        return { url, close: () => this.open.delete(url) };
      },
    };
  }
}

export function custom(properties: object = {}, attributes: object = {}) {
  return { Type: 'Custom::Thing', Properties: { ServiceToken: TOKEN, ...properties }, ...attributes };
}

export function plain(properties: object = {}, attributes: object = {}) {
  return { Type: 'Sandbox::Failing', Properties: properties, ...attributes };
}

/** The events shortly: `A CREATE_FAILED`, with the reason if asked. */
export function lines(events: readonly StackEvent[], reasons = false): string[] {
  return events.map(({ logicalId, status, reason }) =>
    reasons && reason !== undefined ? `${logicalId} ${status}: ${reason}` : `${logicalId} ${status}`,
  );
}
