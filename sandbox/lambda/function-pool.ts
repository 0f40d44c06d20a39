import type { Role } from '../iam/iam';
import { Random } from '../kernel/random';
import { functionEnvironment } from './environment';
import type { FunctionRecord } from './function-configuration';
import { FunctionProcess } from './function-process';
import type { FunctionsOptions } from './functions';
import type { Invocation, InvocationResult, LogLine } from './invocation';

/** What AWS does not say about execution environments. */
export interface EnvironmentOptions {
  /** When one that nobody uses is taken away. @default when its credentials run out */
  readonly idleSeconds?: number;
  /** Which of several idle ones gets an invocation: the oldest, or any, by the seed. @default oldest */
  readonly choice?: 'oldest' | 'any';
}

/** The processes of one function: Lambda's execution environments. An invocation takes an idle one or makes a new one. */
export class FunctionPool {
  private members: Member[] = [];
  private created = 0;
  private readonly chance: Random;

  constructor(private readonly options: FunctionsOptions & { readonly onLine: (line: LogLine) => void }) {
    this.chance = new Random(options.world.random.seed + 3);
  }

  /** Invocations under way. */
  get running(): number {
    return this.members.filter(({ process }) => process.busy).length;
  }

  run(record: FunctionRecord, role: Role, invocation: Invocation): Promise<InvocationResult> {
    const member = this.idleMember(record, role) ?? this.add(record, role);
    return member.process.run(invocation).finally(() => {
      member.idleSince = this.options.world.clock.now();
      if (member.retired) member.process.kill();
    });
  }

  /** Idle processes end now, the others after their invocation. */
  retire(): void {
    for (const member of this.members) {
      member.retired = true;
      if (!member.process.busy) member.process.kill();
    }
  }

  async stop(): Promise<void> {
    const ends = this.members.map(({ ended, process }) => {
      process.kill();
      return ended;
    });
    await Promise.all(ends);
  }

  private idleMember(record: FunctionRecord, role: Role): Member | undefined {
    const { world, environments = {} } = this.options;
    const now = world.clock.now();
    const idleMs = (environments.idleSeconds ?? Infinity) * 1000;
    // Lambda replaces an environment before its credentials expire, and when the role is another one.
    const needed = now + record.timeoutSeconds * 1000;
    for (const member of this.members) {
      const unused = now - member.idleSince >= idleMs;
      const stale = unused || member.expiration <= needed || member.roleId !== role.roleId;
      if (!stale || member.retired || member.process.busy) continue;
      member.retired = true;
      member.process.kill();
    }
    const idle = this.members.filter(({ process, retired }) => process.alive && !process.busy && !retired);
    return idle[environments.choice === 'any' && idle.length > 1 ? this.chance.integer(0, idle.length - 1) : 0];
  }

  private add(record: FunctionRecord, role: Role): Member {
    const { world, credentials, executions, endpointUrl, caFile, responsePort, onLine } = this.options;
    const id = `${record.arn}#${++this.created}`;
    const session = credentials.forRole(role, record.name, { durationSeconds: SESSION_SECONDS, execution: id });
    const surroundings = { endpointUrl: endpointUrl(), logStream: this.logStream() };
    let hasEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    const process = new FunctionProcess({
      id,
      clock: world.clock,
      seed: world.random.integer(0, 2 ** 32 - 1),
      environment: functionEnvironment(record, session, surroundings),
      codeDirectory: record.codeDirectory,
      handler: record.handler,
      endpointUrl: surroundings.endpointUrl,
      responsePort: responsePort(),
      caFile: caFile(),
      onLine: (line) => onLine({ ...line, functionName: record.name }),
      onEnd: () => {
        executions.remove(id);
        this.members = this.members.filter((other) => other !== member);
        hasEnded();
      },
    });
    executions.add(id, process);
    const member: Member = {
      process,
      ended,
      roleId: role.roleId,
      expiration: session.expiration.getTime(),
      idleSince: world.clock.now(),
      retired: false,
    };
    this.members.push(member);
    return member;
  }

  private logStream(): string {
    const { clock, random } = this.options.world;
    return `${clock.iso().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${random.hex(32)}`;
  }
}

interface Member {
  readonly process: FunctionProcess;
  readonly ended: Promise<void>;
  readonly roleId: string;
  readonly expiration: number;
  /** Virtual time at which it finished its last invocation. */
  idleSince: number;
  retired: boolean;
}

/** Credentials of an execution environment are good for half a day. */
const SESSION_SECONDS = 12 * 3600;
