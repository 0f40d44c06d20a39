import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../runtime/clients';
import { dimensionsOf, HEARTBEAT } from './poll-publication.runtime';

/** The heartbeats of one data source. */
export interface HeartbeatSeries {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A stretch of time in periods, all in milliseconds. */
export interface HeartbeatSpan {
  readonly from: number;
  readonly to: number;
  readonly period: number;
}

/** The beginnings of the periods that have a heartbeat, whatever it tells. */
export async function heartbeatsIn(
  aws: AwsClients,
  { namespace, dimensions }: HeartbeatSeries,
  { from, to, period }: HeartbeatSpan,
): Promise<number[]> {
  const answer = await aws.get(CloudWatchClient, 'CLOUDWATCH').send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: HEARTBEAT,
      Dimensions: dimensionsOf(dimensions),
      StartTime: new Date(from),
      EndTime: new Date(to),
      Period: period / 1000,
      Statistics: ['SampleCount'],
    }),
  );
  return (answer.Datapoints ?? []).flatMap(({ Timestamp }) => (Timestamp === undefined ? [] : [Timestamp.getTime()]));
}
