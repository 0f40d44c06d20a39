import { type AssumedRole, decodeAssumedRole } from '../runtime/assumed-role';
import { SettlingError } from '../runtime/errors';
import { Properties } from '../runtime/properties';
import { decodeSourceAddress, recordOf, type SourceAddress } from './poll-request.runtime';

/** What a notification tells of which instance; one function has one, in its environment. */
export interface NotificationConfiguration {
  readonly source: SourceAddress;
  readonly topicArn: string;
  /** Groups of dimensions whose top keys are told. */
  readonly groups: readonly string[];
  /** Keys of each group. */
  readonly limit: number;
  /** Told where the alarm does not tell what it was evaluated over. */
  readonly windowMinutes: number;
  /** For the calls to Performance Insights and RDS; the topic is in the own account. */
  readonly assumeRole?: AssumedRole;
}

/** https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_DimensionGroup.html */
const MAX_LIMIT = 25;

export function decodeNotification(text: string | undefined, region: string): NotificationConfiguration {
  const values = recordOf(parse(text), 'SETTLED_NOTIFICATION');
  const properties = new Properties(values);
  const source = decodeSourceAddress(values.source);
  return {
    source,
    topicArn: properties.string('topicArn'),
    groups: properties.optionalStrings('groups') ?? defaultGroups(source),
    limit: Math.min(properties.optionalNumber('limit') ?? 10, MAX_LIMIT),
    windowMinutes: properties.optionalNumber('windowMinutes') ?? 10,
    assumeRole: decodeAssumedRole(new Properties({ AssumeRole: values.assumeRole }), region),
  };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new SettlingError(
      'environment variable SETTLED_NOTIFICATION must be the JSON of a notification, got something else; deploy the function again',
    );
  }
}

function defaultGroups({ serviceType }: SourceAddress): string[] {
  return serviceType === 'DOCDB' ? ['db.query_tokenized', 'db.wait_state'] : ['db.sql_tokenized', 'db.wait_event'];
}
