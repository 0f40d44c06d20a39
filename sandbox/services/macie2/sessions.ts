import type { World } from '../service';
import { conflict, notFound } from './errors';
import { cancel } from './job-lifecycle';
import type { Macie2Service } from './macie2-service';
import type { Macie2State, Session, SessionStatus } from './state';

export interface SessionSettings {
  /** `PAUSED` suspends Macie, which cancels all jobs. @default 'ENABLED' */
  readonly status?: SessionStatus;
  /** @default 'SIX_HOURS' */
  readonly findingPublishingFrequency?: string;
}

/** Macie in all accounts and regions, for who enables it without calling the API: CloudFormation and tests. */
export class MacieSessions {
  constructor(
    private readonly world: World,
    private readonly service: Macie2Service,
  ) {}

  enable(accountId: string, region: string, settings: SessionSettings = {}): Session {
    const state = this.state(accountId, region);
    // Seen by others, and documented as the error of a second EnableMacie.
    if (state.session !== undefined) throw conflict('Macie has already been enabled');
    const now = this.world.clock.now();
    state.session = { createdAt: now, updatedAt: now, ...settled(settings) };
    return state.session;
  }

  update(accountId: string, region: string, settings: SessionSettings): Session {
    const state = this.state(accountId, region);
    if (state.session === undefined) throw notFound('Macie is not enabled');
    Object.assign(state.session, settled(settings), { updatedAt: this.world.clock.now() });
    if (state.session.status === 'PAUSED')
      for (const job of this.service.jobs(state, this.world)) cancelUnlessOver(job);
    return state.session;
  }

  /** Deletes all that Macie keeps in the account and region. */
  disable(accountId: string, region: string): void {
    const state = this.state(accountId, region);
    if (state.session === undefined) throw notFound('Macie is not enabled');
    state.session = undefined;
    state.exportConfiguration = undefined;
    state.jobs.clear();
  }

  state(accountId: string, region: string): Macie2State {
    return this.world.state(this.service, accountId, region);
  }
}

function settled({ status = 'ENABLED', findingPublishingFrequency = 'SIX_HOURS' }: SessionSettings) {
  return { status, findingPublishingFrequency };
}

function cancelUnlessOver(job: Parameters<typeof cancel>[0]): void {
  if (job.status !== 'COMPLETE') cancel(job);
}
