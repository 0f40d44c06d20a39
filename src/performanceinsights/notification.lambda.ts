import type { CloudWatchAlarmEvent } from 'aws-lambda';
import { notify } from './notification.runtime';
import { decodeNotification } from './notification-configuration.runtime';

const region = process.env.AWS_REGION ?? '';
const configuration = decodeNotification(process.env.SETTLED_NOTIFICATION, region);

export const handler = (event: CloudWatchAlarmEvent): Promise<void> => notify(event, configuration, region);
