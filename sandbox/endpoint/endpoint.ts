import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Executions } from '../kernel/executions';
import type { Fault, Faults } from '../kernel/faults';
import { type Journal, NOT_CARRIED_OUT } from '../kernel/journal';
import { Random } from '../kernel/random';
import { ServiceError, type World } from '../services/service';
import { type HttpAnswer, readRequest, writeAnswer } from './http';
import { close, listen, portOf } from './loopback';
import { type Performance, perform } from './performance';
import { faultAnswer } from './problems';
import { protocolOf } from './protocol';
import { type AnyService, type Authorities, type Reception, receive } from './reception';

export interface EndpointOptions {
  readonly world: World;
  readonly services: readonly AnyService[];
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly executions: Executions;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Virtual time from a call's arrival to its effect. @default 20 to 80 ms */
  readonly latency?: { readonly minMs: number; readonly maxMs: number };
}

/**
 * The loopback address of all AWS services: SDK clients are pointed to it by `AWS_ENDPOINT_URL`. It finds the service by
 * the credential scope of the signature (or, without one, by the operation), lets virtual time pass while a call is under way, applies the planned faults, and
 * keeps the journal.
 */
export class Endpoint {
  private readonly authorities: Authorities;
  private readonly latency: { readonly minMs: number; readonly maxMs: number };
  /** Two streams of their own: calls from outside, which come whenever they like, do not disturb those of functions. */
  private readonly chance: { readonly inside: Random; readonly outside: Random };
  private readonly bugs: Error[] = [];
  private server?: Server;

  constructor(private readonly options: EndpointOptions) {
    const { world, services, credentials, iam } = options;
    this.authorities = {
      services: new Map(services.map((service) => [service.model.signingName, service])),
      credentials,
      iam,
      clock: world.clock,
    };
    this.latency = options.latency ?? { minMs: 20, maxMs: 80 };
    const { seed } = world.random;
    this.chance = { inside: new Random(seed + 1), outside: new Random(seed + 2) };
  }

  async start(): Promise<void> {
    const server = createServer((message, response) => void this.serve(message, response));
    // No timer of real time may close a connection under a client that waits in virtual time.
    Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
    await listen(server);
    this.server = server;
  }

  get url(): string {
    if (this.server === undefined) throw new Error('the endpoint has no address yet: call start() first');
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  /** Closes the endpoint. Throws when the sandbox itself failed in any call, however well the caller took it. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) await close(server);
    const bugs = this.bugs.splice(0);
    if (bugs.length > 0) {
      throw new AggregateError(bugs, `the sandbox failed in ${bugs.length} call(s): ${bugs[0]!.message}`);
    }
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { executions, world } = this.options;
    let execution = headerOf(message, 'x-sandbox-execution');
    try {
      const request = await readRequest(message);
      const reception = receive(request, this.authorities);
      execution ??= reception.principal?.execution;
      const chance = execution === undefined ? this.chance.outside : this.chance.inside;
      const requestId = chance.uuid();
      const latencyMs = chance.integer(this.latency.minMs, this.latency.maxMs);

      executions.pause(execution);
      await world.clock.sleep(latencyMs, { background: executions.background(execution) });
      const { answer, fault } = await this.carryOut(reception, requestId, execution);
      if (fault?.kind === 'kill-before' || fault?.kind === 'kill-after') executions.kill(execution);
      else executions.resume(execution);
      if (answer === undefined) message.socket.destroy();
      else writeAnswer(response, answer);
    } catch (error) {
      // A connection that broke while it sent its request is nobody's fault.
      if (message.complete) this.bugs.push(error as Error);
      message.socket.destroy();
    }
  }

  /** At one instant of virtual time: faults, effect, journal. Without an answer the connection is to be cut. */
  private async carryOut(reception: Reception, requestId: string, execution: string | undefined) {
    const { faults, journal, world } = this.options;
    const { serviceName, operation, region, principal, input } = reception;
    const accountId = principal?.accountId ?? '';
    const fault =
      reception.refusal === undefined
        ? faults.next({ service: serviceName, operation, accountId, execution })
        : undefined;
    const performance = await this.performUnlessFaulty(reception, requestId, fault);
    journal.record({
      at: world.clock.now(),
      service: serviceName,
      operation,
      accountId,
      region,
      principal: principal?.arn ?? '',
      ...(execution !== undefined && { execution }),
      input,
      outcome: performance === undefined ? NOT_CARRIED_OUT : (performance.error?.code ?? 'ok'),
      ...(fault !== undefined && { fault: fault.kind }),
      permissions: performance?.permissions ?? [],
      requestId,
    });
    const silent = performance === undefined || fault?.kind === 'cut-after' || fault?.kind === 'kill-after';
    return { fault, answer: silent ? undefined : this.answer(reception, performance, requestId) };
  }

  /** `undefined` when the call was kept from taking effect and gets no answer. */
  private async performUnlessFaulty(reception: Reception, requestId: string, fault: Fault | undefined) {
    const { service, principal, refusal, operation, region } = reception;
    if (refusal !== undefined) return { error: refusal, permissions: [] };
    if (service === undefined || principal === undefined)
      throw new Error('a call without service or principal is refused');
    if (fault?.kind === 'cut-before' || fault?.kind === 'kill-before') return undefined;
    const instead = fault && faultAnswer(fault.kind, service.model, { operation, principalArn: principal.arn });
    if (instead !== undefined) return { error: instead, permissions: [] };
    const { world, iam, executions } = this.options;
    const background = executions.background(principal.execution);
    const call = { world, principal, accountId: principal.accountId, region, requestId, background };
    try {
      return await perform(service, operation, reception.input, call, iam);
    } catch (error) {
      return this.bug(error as Error);
    }
  }

  /** The caller hears of it in a way that no retry hides, and stop() throws it. */
  private bug(error: Error) {
    this.bugs.push(error);
    return { error: new ServiceError('SandboxBug', error.message, 400), permissions: [] };
  }

  private answer(reception: Reception, performance: Performance, requestId: string): HttpAnswer {
    const { clock } = this.options.world;
    const answer = this.encode(reception, performance, requestId);
    const headers = {
      ...answer.headers,
      'x-amzn-requestid': requestId,
      date: clock.date().toUTCString(),
      // For functions, whose clocks follow it.
      'x-sandbox-now': String(clock.now()),
    };
    return { ...answer, headers };
  }

  private encode({ protocol: name, service, operation }: Reception, performance: Performance, requestId: string) {
    const protocol = protocolOf(name);
    const model = service?.model;
    try {
      if (performance.error !== undefined) return protocol.encodeError(performance.error, model, requestId);
      if (model === undefined) throw new Error(`an unknown service cannot have answered ${operation}`);
      return protocol.encodeOutput(performance.output, model, operation, requestId);
    } catch (error) {
      const bug = this.bug(error as Error).error;
      return protocol.encodeError(bug, model, requestId);
    }
  }
}

function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === 'string' ? value : undefined;
}
