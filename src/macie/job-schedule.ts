import { Validation } from '../core/validation';

/** A day of the week. */
export enum DayOfWeek {
  /** Monday. */
  MONDAY = 'MONDAY',
  /** Tuesday. */
  TUESDAY = 'TUESDAY',
  /** Wednesday. */
  WEDNESDAY = 'WEDNESDAY',
  /** Thursday. */
  THURSDAY = 'THURSDAY',
  /** Friday. */
  FRIDAY = 'FRIDAY',
  /** Saturday. */
  SATURDAY = 'SATURDAY',
  /** Sunday. */
  SUNDAY = 'SUNDAY',
}

/** How often a job runs. Each run analyzes what was added or changed since the one before. */
export class JobSchedule {
  /** Once a day. */
  static daily(): JobSchedule {
    return new JobSchedule({ Daily: true });
  }

  /** Once a week, on this day. */
  static weekly(day: DayOfWeek): JobSchedule {
    return new JobSchedule({ Weekly: day });
  }

  /** Once a month, on this day, 1 to 31. In months without that day the job does not run. */
  static monthly(dayOfMonth: number): JobSchedule {
    // JobScheduleFrequency: https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html
    const validation = new Validation('macie.JobSchedule').range('dayOfMonth', dayOfMonth, 1, 31);
    validation.whole('dayOfMonth', dayOfMonth).throwIfInvalid();
    return new JobSchedule({ Monthly: dayOfMonth });
  }

  private constructor(private readonly schedule: Readonly<Record<string, unknown>>) {}

  /**
   * What the handler reads.
   *
   * @internal
   */
  _render(): Readonly<Record<string, unknown>> {
    return this.schedule;
  }
}
