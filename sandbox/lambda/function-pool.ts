import type { Role } from '../iam/iam';
import { functionEnvironment } from './environment';
import type { FunctionRecord } from './function-configuration';
import { FunctionProcess } from './function-process';
import type { FunctionsOptions } from './functions';
import type { InvocationResult, LogLine } from './invocation';

/**
 * The processes of one function: Lambda's execution environments. An invocation takes the first idle one, in the order of
 * their creation, or makes a new one.
 */
export class FunctionPool {
  private members: Member[] = [];
  private created = 0;

  constructor(private readonly options: FunctionsOptions & { readonly onLine: (line: LogLine) => void }) {}

  run(record: FunctionRecord, role: Role, event: string, requestId: string): Promise<InvocationResult> {
    const invocation = { requestId, event, functionArn: record.arn, timeoutSeconds: record.timeoutSeconds };
    const member = this.idleMember(record, role) ?? this.add(record, role);
    return member.process.run(invocation).finally(() => {
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
    // Lambda replaces an environment before its credentials expire, and when the role is another one.
    const needed = this.options.world.clock.now() + record.timeoutSeconds * 1000;
    for (const member of this.members) {
      const stale = member.expiration <= needed || member.roleId !== role.roleId;
      if (!stale || member.retired || member.process.busy) continue;
      member.retired = true;
      member.process.kill();
    }
    return this.members.find(({ process, retired }) => process.alive && !process.busy && !retired);
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
  retired: boolean;
}

/** Credentials of an execution environment are good for half a day. */
const SESSION_SECONDS = 12 * 3600;
