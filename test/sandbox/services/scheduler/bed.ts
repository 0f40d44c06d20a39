import type { PolicyDocument } from '../../../../sandbox/iam/principal';
import type { SchedulerOptions } from '../../../../sandbox/services/scheduler/options';
import { SchedulerService } from '../../../../sandbox/services/scheduler/scheduler-service';
import type { ScheduleDefinition, Target } from '../../../../sandbox/services/scheduler/state';
import { ServiceError } from '../../../../sandbox/services/service';
import { ACCOUNT, ALLOW_ALL, Lab, REGION } from '../../lambda/lab';

export const PLACE = { accountId: ACCOUNT, region: REGION };
const CONTEXT =
  '["<aws.scheduler.scheduled-time>","<aws.scheduler.attempt-number>","<aws.scheduler.schedule-arn>","<aws.scheduler.execution-id>"]';

/** A definition in which some things are different. */
export type Change = Partial<Omit<ScheduleDefinition, 'target'>> & { readonly target?: Partial<Target> };

/** Schedules before a Lambda that only writes down what it gets. */
export class SchedulerBed {
  readonly lab = new Lab();
  readonly scheduler: SchedulerService;
  readonly functionArn: string;
  readonly roleArn: string;
  /** Virtual seconds since the start, scheduled time and attempt. */
  readonly seen: Array<{ at: number; scheduled: string; attempt: string; arn: string; id: string }> = [];
  /** The n-th invocation from 1 that is refused. */
  readonly refused = new Set<number>();
  private invocations = 0;

  constructor(options: SchedulerOptions = { jitterMs: { min: 0, max: 0 } }, policy: PolicyDocument = ALLOW_ALL) {
    const { world, iam, credentials, functions } = this.lab;
    this.functionArn = this.lab.create('poller', '');
    this.roleArn = this.lab.role('scheduler', 'scheduler.amazonaws.com', policy);
    jest.spyOn(functions, 'invokeAsync').mockImplementation((_arn, payload) => {
      this.invocations += 1;
      if (this.refused.has(this.invocations)) throw new ServiceError('ServiceException', 'not now', 500);
      const [scheduled, attempt, arn, id] = JSON.parse(payload);
      this.seen.push({ at: this.lab.elapsed / 1000, scheduled, attempt, arn, id });
    });
    this.scheduler = new SchedulerService({ world, iam, credentials, lambda: functions.service }, options);
  }

  create(name: string, more: Change = {}) {
    return this.scheduler.schedules.create({ ...PLACE, name }, this.definition(more));
  }

  definition(more: Change = {}): ScheduleDefinition {
    const target = { arn: this.functionArn, roleArn: this.roleArn, input: CONTEXT };
    return { expression: 'cron(* * * * ? *)', ...more, target: { ...target, ...more.target } };
  }

  /** Minutes of virtual time. */
  pass(minutes: number): Promise<void> {
    return this.lab.clock.sleep(minutes * 60_000);
  }

  /** When what was scheduled arrived: `00:01:00 at 60`. */
  lines(): string[] {
    return this.seen.map(({ at, scheduled }) => `${scheduled.slice(11, 19)} at ${at}`);
  }
}
