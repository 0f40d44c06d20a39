import type { ServiceModel } from '../../model/model';
import { errors, integer, list, SCALARS, structure, text } from '../../model/shapes';

/**
 * Written by hand from https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html and
 * API_FilterLogEvents.html.
 */
export const model: ServiceModel = {
  signingName: 'logs',
  protocol: 'aws-json',
  jsonVersion: '1.1',
  targetPrefix: 'Logs_20140328',
  apiVersion: '2014-03-28',
  operations: Object.fromEntries(
    ['GetLogEvents', 'FilterLogEvents'].map((name) => [
      name,
      {
        input: `${name}Request`,
        output: `${name}Response`,
        errors: ['InvalidParameterException', 'ResourceNotFoundException', 'ServiceUnavailableException'],
      },
    ]),
  ),
  shapes: {
    ...SCALARS,
    ...errors(['InvalidParameterException', 'ResourceNotFoundException']),
    ...errors(['ServiceUnavailableException'], 500),
    GroupName: text(1, 512, '[.\\-_/#A-Za-z0-9]+'),
    GroupIdentifier: text(1, 2048, '[\\w#+=/:,.@-]*'),
    StreamName: text(1, 512, '[^:*]*'),
    StreamNames: list('StreamName', { min: 1, max: 100 }),
    Pattern: text(0, 1024),
    Limit: integer(1, 10_000),
    Instant: { type: 'long', min: 0 },
    GetLogEventsRequest: structure(
      {
        logGroupName: 'GroupName',
        logGroupIdentifier: 'GroupIdentifier',
        logStreamName: 'StreamName',
        startTime: 'Instant',
        endTime: 'Instant',
        nextToken: 'Text',
        limit: 'Limit',
        startFromHead: 'Flag',
      },
      ['logStreamName'],
    ),
    GetLogEventsResponse: structure({ events: 'Events', nextForwardToken: 'Text', nextBackwardToken: 'Text' }),
    Events: list('Event'),
    Event: structure({ timestamp: 'Long', message: 'Text', ingestionTime: 'Long' }),
    FilterLogEventsRequest: structure({
      logGroupName: 'GroupName',
      logGroupIdentifier: 'GroupIdentifier',
      logStreamNames: 'StreamNames',
      logStreamNamePrefix: 'StreamName',
      startTime: 'Instant',
      endTime: 'Instant',
      filterPattern: 'Pattern',
      nextToken: 'Text',
      limit: 'Limit',
    }),
    FilterLogEventsResponse: structure({
      events: 'FilteredEvents',
      searchedLogStreams: 'SearchedStreams',
      nextToken: 'Text',
    }),
    FilteredEvents: list('FilteredEvent'),
    FilteredEvent: structure({
      logStreamName: 'Text',
      timestamp: 'Long',
      message: 'Text',
      ingestionTime: 'Long',
      eventId: 'Text',
    }),
    SearchedStreams: list('SearchedStream'),
    SearchedStream: structure({ logStreamName: 'Text', searchedCompletely: 'Flag' }),
  },
};
