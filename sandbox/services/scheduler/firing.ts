import { Random } from '../../kernel/random';
import type { LambdaState } from '../lambda/lambda';
import type { Service, ServiceError } from '../service';
import { ServiceRole, type ServiceRoleTools } from '../service-role';
import { type DeadLetter, deadLetter } from './dead-letters';
import { invalid } from './errors';
import type { Incidents } from './incidents';
import { type Attempt, inputOf } from './input';
import { DEFAULT_JITTER_MS, type SchedulerOptions } from './options';
import { DEFAULT_RETRIES, groupArn, type Schedule } from './state';

export interface FiringTools extends ServiceRoleTools {
  readonly lambda: Service<LambdaState>;
}

/** An invocation that was given up. */
export interface FailedInvocation {
  readonly scheduleArn: string;
  /** Virtual times in milliseconds. */
  readonly scheduledTime: number;
  readonly at: number;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

/** Invokes the targets of enabled schedules. All of it is in the background: a schedule never moves time. */
export class Firing {
  readonly failures: FailedInvocation[] = [];
  readonly deadLetters: DeadLetter[] = [];
  private count = 0;
  private readonly chance: Random;
  /** By ARN. */
  private readonly armed = new Map<string, Armed>();

  constructor(
    private readonly tools: FiringTools,
    private readonly options: SchedulerOptions,
    private readonly incidents: Incidents,
  ) {
    this.chance = new Random(tools.world.random.seed + 4);
  }

  /** Invocations that their targets took. */
  get delivered(): number {
    return this.count;
  }

  /** From now on the schedule fires as it stands. */
  arm(schedule: Schedule): void {
    this.disarm(schedule.arn);
    if (schedule.state === 'DISABLED') return;
    const { arn, target } = schedule;
    const role = roleOf(this.tools, schedule, target.roleArn);
    const armed = { schedule, role, waiting: new Set<() => void>() };
    this.armed.set(arn, armed);
    const { kind } = schedule.recurrence;
    const now = this.tools.world.clock.now();
    // A rate without a start begins at once; a single time knows neither start nor end.
    const atOnce = Math.ceil(now / 1000) * 1000;
    const start = kind === 'at' ? undefined : (schedule.startDate ?? (kind === 'rate' ? atOnce : undefined));
    const after = start === undefined || start < now ? now : start - 1;
    this.await(armed, after, start ?? now);
  }

  /** It never fires again, nor is anything repeated. */
  disarm(arn: string): void {
    for (const cancel of this.armed.get(arn)?.waiting ?? []) cancel();
    this.armed.delete(arn);
  }

  /** Waits for the first time after an instant, and then for the next one. */
  private await(armed: Armed, after: number, base: number): void {
    const { recurrence, endDate = Number.POSITIVE_INFINITY } = armed.schedule;
    const next = recurrence.next(after, base);
    if (next === undefined || (recurrence.kind !== 'at' && next > endDate)) return;
    this.schedule(armed, next - this.tools.world.clock.now(), () => {
      this.fire(armed, next);
      this.await(armed, next, base);
    });
  }

  private fire(armed: Armed, scheduledTime: number): void {
    const { name, windowMinutes = 0 } = armed.schedule;
    const { jitterMs = DEFAULT_JITTER_MS, duplicates = 0 } = this.options;
    const window = windowMinutes === 0 ? 0 : this.chance.integer(0, windowMinutes * 60_000);
    const delayMs = window + this.chance.integer(jitterMs.min, jitterMs.max);
    const delays = [...this.incidents.delays(name, scheduledTime, delayMs)];
    const first = delays[0];
    if (duplicates > 0 && this.chance.next() < duplicates && first !== undefined) {
      delays.push(first + this.chance.integer(1, 30_000));
    }
    for (const delay of delays) this.schedule(armed, delay, () => void this.attempt(armed, scheduledTime, 1));
  }

  private async attempt(armed: Armed, scheduledTime: number, number: number): Promise<void> {
    const attempt = { scheduledTime, number, executionId: this.chance.string(16, ID_ALPHABET) };
    try {
      await this.invoke(armed, attempt);
      this.count += 1;
    } catch (error) {
      this.retry(armed, attempt, error as ServiceError);
    }
  }

  private async invoke({ schedule, role }: Armed, attempt: Attempt): Promise<void> {
    if (!role.trusting) throw notAssumable();
    await role.call(this.tools.lambda, 'Invoke', {
      FunctionName: schedule.target.arn,
      InvocationType: 'Event',
      Payload: Buffer.from(inputOf(schedule, attempt)),
    });
  }

  private retry(armed: Armed, attempt: Attempt, error: ServiceError): void {
    const { schedule } = armed;
    const policy = { ...DEFAULT_RETRIES, ...schedule.target.retries };
    const delay = Math.min(1000 * 2 ** (attempt.number - 1), MAX_RETRY_DELAY_MS);
    const { clock } = this.tools.world;
    const age = clock.now() + delay - attempt.scheduledTime;
    const exhausted =
      attempt.number > policy.maximumRetryAttempts
        ? 'MaximumRetryAttempts'
        : age > policy.maximumEventAgeSeconds * 1000
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (exhausted === undefined) {
      this.schedule(armed, delay, () => void this.attempt(armed, attempt.scheduledTime, attempt.number + 1));
      return;
    }
    const { arn: scheduleArn } = schedule;
    const { scheduledTime, number: attempts } = attempt;
    const { code, message } = error;
    this.failures.push({ scheduleArn, scheduledTime, at: clock.now(), attempts, code, message });
    const letter = deadLetter(schedule, attempt, error, exhausted);
    if (letter !== undefined && mayBury(armed.role, letter)) this.deadLetters.push(letter);
  }

  private schedule(armed: Armed, delayMs: number, action: () => void): void {
    // It was disarmed while its target was being invoked.
    if (this.armed.get(armed.schedule.arn) !== armed) return;
    const { waiting } = armed;
    const { clock } = this.tools.world;
    const cancel = clock.schedule(
      delayMs,
      () => {
        waiting.delete(cancel);
        action();
      },
      { background: true },
    );
    waiting.add(cancel);
  }
}

interface Armed {
  readonly schedule: Schedule;
  readonly role: ServiceRole;
  /** What cancels the events that are to come. */
  readonly waiting: Set<() => void>;
}

/** The execution role of a schedule, as Scheduler assumes it: for the group, never for a single schedule. */
export function roleOf(tools: ServiceRoleTools, place: Pick<Schedule, 'accountId' | 'region' | 'group'>, arn: string) {
  const { accountId, region, group } = place;
  return new ServiceRole(
    tools,
    { accountId, region },
    {
      arn,
      service: 'scheduler.amazonaws.com',
      sessionName: 'scheduler',
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      sourceArn: groupArn(tools.world.partition, place, group),
      background: true,
    },
  );
}

export function notAssumable(): ServiceError {
  return invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
}

function mayBury(role: ServiceRole, { queueArn }: DeadLetter): boolean {
  return role.refusal({ action: 'sqs:SendMessage', resource: queueArn }) === undefined;
}

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Documented is an exponential back-off; its steps are made up. */
const MAX_RETRY_DELAY_MS = 480_000;
