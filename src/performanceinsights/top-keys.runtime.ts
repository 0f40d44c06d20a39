import {
  DescribeDimensionKeysCommand,
  type DescribeDimensionKeysRequest,
  type DimensionKeyDescription,
  GetDimensionKeyDetailsCommand,
  PIClient,
} from '@aws-sdk/client-pi';
import type { AwsClients } from '../runtime/clients';
import { describeFailure } from '../runtime/errors';
import type { AlarmWindow } from './notification-window.runtime';
import type { SourceAddress } from './poll-request.runtime';

export interface TopKey {
  /** Average active sessions. */
  readonly load: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface TopKeys {
  readonly group: string;
  readonly keys: readonly TopKey[];
  /** Why the keys could not be asked for, or the statements not. */
  readonly problem?: string;
}

/** Statements whose whole text is fetched: the keys themselves carry its first 500 bytes. */
const DETAILED_STATEMENTS = 3;

/** Groups whose keys are statements, and the group of the statements behind a digest. */
const STATEMENT_GROUPS: Readonly<Record<string, string>> = {
  'db.sql': 'db.sql',
  'db.sql_tokenized': 'db.sql',
  'db.query': 'db.query',
  'db.query_tokenized': 'db.query',
};

/** Asks Performance Insights who made the load. A refusal is a part of the answer: the notification goes out anyway. */
export class TopKeysReader {
  constructor(
    private readonly aws: AwsClients,
    private readonly serviceType: SourceAddress['serviceType'],
    private readonly resourceId: string,
    private readonly window: AlarmWindow,
  ) {}

  /** The top keys of each group, and the whole text of the top statements where a group is one of these. */
  async read(groups: readonly string[], limit: number): Promise<TopKeys[]> {
    const all: TopKeys[] = [];
    for (const group of groups) all.push(await this.keysOf(group, limit));
    const statementGroup = groups.map((group) => STATEMENT_GROUPS[group]).find((group) => group !== undefined);
    if (statementGroup !== undefined) all.push(await this.statements(statementGroup));
    return all;
  }

  private async keysOf(group: string, limit: number): Promise<TopKeys> {
    try {
      return { group, keys: await this.describe(group, limit) };
    } catch (error) {
      return { group, keys: [], problem: describeFailure('Performance Insights was asked for the top keys', error) };
    }
  }

  private async statements(group: string): Promise<TopKeys> {
    const { keys, problem } = await this.keysOf(group, DETAILED_STATEMENTS);
    const whole: TopKey[] = [];
    let refusal = problem;
    for (const key of keys) {
      try {
        whole.push(await this.withWholeText(group, key));
      } catch (error) {
        refusal = describeFailure('Performance Insights was asked for the whole text', error);
        whole.push(key);
      }
    }
    return { group: `${group}.statement`, keys: whole, problem: refusal };
  }

  private async describe(group: string, limit: number): Promise<TopKey[]> {
    const request: DescribeDimensionKeysRequest = {
      ServiceType: this.serviceType,
      Identifier: this.resourceId,
      StartTime: new Date(this.window.from),
      EndTime: new Date(this.window.to),
      PeriodInSeconds: 60,
      Metric: 'db.load.avg',
      GroupBy: { Group: group, Limit: limit },
    };
    const keys: DimensionKeyDescription[] = [];
    let nextToken: string | undefined;
    do {
      const command = new DescribeDimensionKeysCommand({ ...request, NextToken: nextToken });
      const answer = await this.aws.get(PIClient, 'PI').send(command);
      keys.push(...(answer.Keys ?? []));
      nextToken = answer.NextToken;
    } while (nextToken !== undefined && keys.length < limit);
    return keys.slice(0, limit).flatMap(({ Dimensions: dimensions = {}, Total: load }) => {
      return load === undefined || !Number.isFinite(load) ? [] : [{ load, dimensions }];
    });
  }

  private async withWholeText(group: string, key: TopKey): Promise<TopKey> {
    const id = key.dimensions[`${group}.id`];
    if (id === undefined) return key;
    const answer = await this.aws.get(PIClient, 'PI').send(
      new GetDimensionKeyDetailsCommand({
        ServiceType: this.serviceType,
        Identifier: this.resourceId,
        Group: group,
        GroupIdentifier: id,
        RequestedDimensions: ['statement'],
      }),
    );
    const detail = answer.Dimensions?.find(({ Dimension }) => Dimension === `${group}.statement`);
    // While it is processed, and where it could not be collected, the beginning is all there is.
    const text = detail?.Status === 'UNAVAILABLE' ? undefined : detail?.Value;
    return text === undefined ? key : { ...key, dimensions: { ...key.dimensions, [`${group}.statement`]: text } };
  }
}
