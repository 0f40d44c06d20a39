import type { Call, Document, Operation, Service } from '../service';
import { notFound } from './errors';
import type { Macie2Settings } from './options';

/** What Macie remembers in an account and region. */
export interface Macie2State {
  /** Absent: Macie is not enabled. */
  session?: Session;
  /** By id, in the order of their creation. Nothing deletes them but the end of the session. */
  readonly jobs: Map<string, Job>;
  exportConfiguration?: Document;
  /** Virtual time of the last CreateClassificationJob that was not throttled. */
  lastCreation?: number;
}

export interface Session {
  readonly createdAt: number;
  updatedAt: number;
  status: SessionStatus;
  findingPublishingFrequency: string;
}

export type SessionStatus = 'ENABLED' | 'PAUSED';

export interface Job {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  /** The request that made it: its settings never change. */
  readonly settings: Document;
  readonly tags: Map<string, string>;
  status: JobStatus;
  /** Of a run that goes on, its end; of one that was paused, the time that is left of it. */
  runEndsAt?: number;
  runLeft?: number;
  /** Of a scheduled job between two runs. */
  nextRunAt?: number;
  lastRunTime: number;
  numberOfRuns: number;
  /** Of the last run; absent until there was one. */
  lastRunError?: 'NONE' | 'ERROR';
  /** While the user has paused it; it expires only where a run waits for its end. */
  pausedAt?: number;
  expiresAt?: number;
}

export type JobStatus = 'RUNNING' | 'PAUSED' | 'CANCELLED' | 'COMPLETE' | 'IDLE' | 'USER_PAUSED';

export interface Macie2Context {
  readonly service: Service<Macie2State>;
  readonly settings: Macie2Settings;
}

export type Macie2Operations = Readonly<Record<string, Operation<Macie2State>>>;

export function jobArn({ world, region, accountId }: Call, id: string): string {
  return `arn:${world.partition}:macie2:${region}:${accountId}:classification-job/${id}`;
}

export function existingJob(state: Macie2State, id: string): Job {
  const job = state.jobs.get(id);
  if (job === undefined) throw notFound(`The request failed because classification job ${id} doesn't exist`);
  return job;
}
