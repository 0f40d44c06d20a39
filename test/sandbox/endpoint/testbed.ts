import { Endpoint } from '../../../sandbox/endpoint/endpoint';
import type { AnyService } from '../../../sandbox/endpoint/reception';
import { type AccessKey, Credentials, type TemporaryCredentials } from '../../../sandbox/iam/credentials';
import { Iam } from '../../../sandbox/iam/iam';
import { Clock } from '../../../sandbox/kernel/clock';
import { type Execution, Executions } from '../../../sandbox/kernel/executions';
import { Faults } from '../../../sandbox/kernel/faults';
import { Journal } from '../../../sandbox/kernel/journal';
import { Random } from '../../../sandbox/kernel/random';
import type { World } from '../../../sandbox/services/service';
import { Sts, type StsBehaviour } from '../../../sandbox/services/sts/sts';

/** An endpoint with STS and the services of a test, and everything around it. */
export class Testbed {
  readonly clock = new Clock();
  readonly random = new Random(7);
  readonly iam = new Iam('aws', this.random, this.clock);
  readonly credentials = new Credentials(this.clock, this.random);
  readonly executions = new Executions();
  readonly faults = new Faults();
  readonly journal = new Journal();
  /** A test may set what STS does; it is read at each call. */
  readonly sts: { -readonly [Key in keyof StsBehaviour]: StsBehaviour[Key] } = {};
  readonly world: World;
  readonly endpoint: Endpoint;

  /** Some services can be made only once the world is there. */
  constructor(...services: ReadonlyArray<AnyService | ((bed: Testbed) => readonly AnyService[])>) {
    const states = new Map<string, unknown>();
    this.world = {
      clock: this.clock,
      random: this.random,
      partition: 'aws',
      state<State>(service: { name: string; newState(): State }, accountId: string, region: string): State {
        const key = `${service.name} ${accountId} ${region}`;
        if (!states.has(key)) states.set(key, service.newState());
        return states.get(key) as State;
      },
    };
    const { world, iam, credentials, executions, faults, journal } = this;
    this.endpoint = new Endpoint({
      world,
      services: [
        new Sts(Object.assign(this.sts, { iam, credentials })),
        ...services.flatMap((service) => (typeof service === 'function' ? service(this) : [service])),
      ],
      iam,
      credentials,
      executions,
      faults,
      journal,
    });
  }

  /** A role of a function, and credentials of it. */
  role(name: string, statements: object[], options: { accountId?: string; execution?: string } = {}) {
    const role = this.iam.createRole({
      accountId: options.accountId ?? ACCOUNT,
      name,
      trust: trustOf({ Service: 'lambda.amazonaws.com' }),
      ...(statements.length > 0 && { inlinePolicies: { own: policyOf(...statements) } }),
    });
    return { role, credentials: this.credentials.forRole(role, 'session', { execution: options.execution }) };
  }

  /** What an SDK client is to be made with: it lives in virtual time, as functions do. */
  client(credentials: AccessKey | TemporaryCredentials) {
    return {
      region: 'eu-central-1',
      endpoint: this.endpoint.url,
      credentials: { ...credentials },
      maxAttempts: 1,
      systemClockOffset: this.clock.now() - Date.now(),
    };
  }

  /** An execution that writes down what is done to it. */
  execution(id: string): string[] {
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    const execution: Execution = { pause: note('pause'), resume: note('resume'), kill: note('kill') };
    this.executions.add(id, execution);
    return seen;
  }
}

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';

// biome-ignore lint/suspicious/noExplicitAny: tests also write what is wrong
export function policyOf(...statements: any[]) {
  return { Version: '2012-10-17', Statement: statements };
}

export function trustOf(principal: unknown, more: object = {}) {
  return policyOf({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more });
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>) {
  return promise.then(
    () => {
      throw new Error('the call was expected to fail');
    },
    // biome-ignore lint/suspicious/noExplicitAny: errors of the SDK have members of their own
    (error: any) => error,
  );
}
