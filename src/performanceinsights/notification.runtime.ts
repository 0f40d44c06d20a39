import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { CloudWatchAlarmEvent } from 'aws-lambda';
import { AwsClients } from '../runtime/clients';
import { describeFailure } from '../runtime/errors';
import { logger } from '../runtime/logger';
import type { NotificationConfiguration } from './notification-configuration.runtime';
import { type AlarmReport, messageOf, subjectOf } from './notification-message.runtime';
import { type AlarmWindow, windowOf } from './notification-window.runtime';
import { ResourceIds } from './poll-source.runtime';
import { nameOf } from './readiness-goal.runtime';
import { TopKeysReader } from './top-keys.runtime';

export interface NotificationClients {
  /** Of the own account, where the topic is. */
  readonly own: AwsClients;
  /** What Performance Insights and RDS are asked with. */
  readonly reading: AwsClients;
}

/**
 * Tells a topic what loaded the database while an alarm was evaluated. What the statements say is data of the user's
 * database: it goes to the topic, and never into a log.
 *
 * A failure to publish throws, so that Lambda tries again; whatever Performance Insights refuses does not keep the
 * notification from going out.
 */
export async function notify(
  event: CloudWatchAlarmEvent,
  configuration: NotificationConfiguration,
  region: string,
  clients: NotificationClients = clientsOf(configuration, region),
): Promise<void> {
  const { alarmName, state } = event.alarmData;
  if (state.value !== 'ALARM') {
    logger.info('not told', { alarmName, state: state.value });
    return;
  }
  const window = windowOf(state, configuration.windowMinutes);
  const report = await reportOf(configuration, window, clients.reading);
  await clients.own.get(SNSClient, 'SNS').send(
    new PublishCommand({
      TopicArn: configuration.topicArn,
      Subject: subjectOf(alarmName),
      Message: messageOf(event, report),
    }),
  );
  const keys = report.topKeys.reduce((sum, top) => sum + top.keys.length, 0);
  logger.info('told', { alarmName, keys, problem: report.problem });
}

function clientsOf({ assumeRole }: NotificationConfiguration, region: string): NotificationClients {
  const own = new AwsClients(region);
  return { own, reading: assumeRole === undefined ? own : new AwsClients(assumeRole.region, assumeRole) };
}

async function reportOf(
  { source, groups, limit }: NotificationConfiguration,
  window: AlarmWindow,
  aws: AwsClients,
): Promise<AlarmReport> {
  const instance = nameOf(source);
  try {
    const resourceId = await new ResourceIds().of(aws, aws.region, source);
    const reader = new TopKeysReader(aws, source.serviceType, resourceId, window);
    return { instance, window, topKeys: await reader.read(groups, limit) };
  } catch (error) {
    return { instance, window, topKeys: [], problem: describeFailure('the instance could not be found', error) };
  }
}
