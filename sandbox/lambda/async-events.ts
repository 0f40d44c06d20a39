import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { ServiceError } from '../services/service';
import type { InvocationResult } from './invocation';

/** What `AWS::Lambda::EventInvokeConfig` sets. */
export interface EventInvokeConfig {
  /** After errors of the function; 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** 60 to 21,600. */
  readonly maximumEventAgeSeconds: number;
}

export const DEFAULT_EVENT_INVOKE_CONFIG: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
};

/** Throws what PutFunctionEventInvokeConfig answers to values that it does not take. */
export function checkEventInvokeConfig({ maximumRetryAttempts, maximumEventAgeSeconds }: EventInvokeConfig): void {
  checkRange('MaximumRetryAttempts', maximumRetryAttempts, 0, 2);
  checkRange('MaximumEventAgeInSeconds', maximumEventAgeSeconds, 60, 21_600);
}

function checkRange(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const message = `${what} ${value} must be a whole number from ${min} to ${max}`;
  throw new ServiceError('InvalidParameterValueException', message, 400);
}

/** An event that Lambda gave up. */
export interface DroppedEvent {
  readonly functionArn: string;
  readonly requestId: string;
  readonly payload: string;
  readonly reason: 'RetriesExhausted' | 'EventAgeExceeded';
  /** Virtual time in milliseconds. */
  readonly at: number;
}

export interface AsyncEventsOptions {
  readonly clock: Clock;
  readonly random: Random;
  config(functionArn: string): EventInvokeConfig;
  run(functionArn: string, payload: string, invocation: AsyncInvocation): Promise<InvocationResult>;
}

export interface AsyncInvocation {
  readonly requestId: string;
  readonly background?: boolean;
}

/**
 * Lambda's queue of asynchronous events: an event whose handler fails, or for which there is no room, is delivered again,
 * with the same request id.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncEvents {
  /** In the order in which they were given up. */
  readonly dropped: DroppedEvent[] = [];
  private count = 0;
  /** Delays by the number of the event. */
  private readonly duplicates = new Map<number, number>();
  private stopped = false;

  constructor(private readonly options: AsyncEventsOptions) {}

  /** Events so far, each counted once. */
  get accepted(): number {
    return this.count;
  }

  accept(functionArn: string, payload: string, background = false): void {
    const { clock, random } = this.options;
    const event = () => ({ functionArn, payload, requestId: random.uuid(), accepted: clock.now(), background });
    void this.deliver(event());
    this.count += 1;
    const duplicateAfter = this.duplicates.get(this.count);
    if (duplicateAfter === undefined) return;
    this.duplicates.delete(this.count);
    const duplicate = event();
    clock.schedule(duplicateAfter, () => void this.deliver(duplicate), { background });
  }

  duplicateNext(afterMs: number, nth: number): void {
    this.duplicates.set(this.count + nth, afterMs);
  }

  /** Nothing is delivered again. */
  stop(): void {
    this.stopped = true;
  }

  private async deliver(event: Event): Promise<void> {
    const { functionArn, payload, background } = event;
    const { clock } = this.options;
    const tries = { failed: 0, throttled: 0 };
    for (;;) {
      const outcome = await this.options.run(functionArn, payload, event).then(outcomeOf, outcomeOfError);
      // A function that is gone takes its events with it.
      if (outcome === 'succeeded' || outcome === 'gone' || this.stopped) return;
      const config = this.options.config(functionArn);
      if (outcome === 'failed' && tries.failed >= config.maximumRetryAttempts) {
        return this.drop(event, 'RetriesExhausted');
      }
      const delay = outcome === 'failed' ? RETRY_DELAYS_MS[tries.failed]! : throttlingDelay(tries.throttled);
      tries[outcome] += 1;
      if (clock.now() + delay - event.accepted >= config.maximumEventAgeSeconds * 1000) {
        return this.drop(event, 'EventAgeExceeded');
      }
      await clock.sleep(delay, { background });
    }
  }

  private drop({ functionArn, requestId, payload }: Event, reason: DroppedEvent['reason']): void {
    this.dropped.push({ functionArn, requestId, payload, reason, at: this.options.clock.now() });
  }
}

interface Event extends AsyncInvocation {
  readonly functionArn: string;
  readonly payload: string;
  /** Virtual time in milliseconds. */
  readonly accepted: number;
}

function outcomeOf({ functionError }: InvocationResult): 'succeeded' | 'failed' {
  return functionError === undefined ? 'succeeded' : 'failed';
}

function outcomeOfError({ name }: Error): 'failed' | 'throttled' | 'gone' {
  if (name === 'TooManyRequestsException') return 'throttled';
  return name === 'ResourceNotFoundException' ? 'gone' : 'failed';
}

/** Before the first and the second retry after an error of the function. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** From a second to five minutes; that each is twice the one before is made up. */
function throttlingDelay(earlier: number): number {
  return Math.min(1000 * 2 ** earlier, 300_000);
}
