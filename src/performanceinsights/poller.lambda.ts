import type { Context } from 'aws-lambda';
import { systemClock } from '../runtime/clock';
import { Poller } from './poller.runtime';

const poller = new Poller(process.env.AWS_REGION ?? '', systemClock);

export const handler = (event: unknown, context: Context): Promise<void> =>
  poller.run(event, () => context.getRemainingTimeInMillis());
