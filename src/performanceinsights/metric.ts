import { Token } from 'aws-cdk-lib';
import { Validation } from '../core/validation';
import { DimensionGroup } from './dimension-groups';
import type { Question } from './question';

/** How Performance Insights sums up the samples of a counter over a period. */
export enum CounterStatistic {
  /** The average. */
  AVG = 'avg',

  /** The smallest value. */
  MIN = 'min',

  /** The largest value. */
  MAX = 'max',

  /** The sum. */
  SUM = 'sum',
}

/** How the series of one key of a dimension is published. */
export interface SliceOptions {
  /**
   * The value of the dimension in CloudWatch: 1 to 255 printable ASCII characters, for a key that is not.
   *
   * @default - the key itself
   */
  readonly publishedAs?: string;
}

/** A question to Performance Insights about a database, answered each minute. */
export class Metric {
  /** Load of the database, in average active sessions. */
  static load(): Metric {
    return new Metric({ kind: 'load', perVcpu: false });
  }

  /** Load of the database for each of its vCPUs. Above 1, sessions wait for a CPU at the least. */
  static loadPerVcpu(): Metric {
    return Metric.load().perVcpu();
  }

  /**
   * A counter of the operating system or the database.
   *
   * @param name Name of the counter without a statistic, such as `os.cpuUtilization.user`. All counters:
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights_Counters.html
   * @param statistic How the samples of a minute are summed up. AVG, unless given otherwise.
   */
  static counter(name: string, statistic: CounterStatistic = CounterStatistic.AVG): Metric {
    validateCounter(name);
    return new Metric({ kind: 'counter', name, statistic });
  }

  /** Load of the sessions that wait for this event, such as `io/table/sql/handler`. Not for DocumentDB. */
  static waitEvent(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.WAIT_EVENT, 'db.wait_event.name', name, options);
  }

  /** Load of the sessions that wait for events of this type, such as `Lock`. Not for DocumentDB. */
  static waitEventType(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.WAIT_EVENT_TYPE, 'db.wait_event_type.name', name, options);
  }

  /** Load of the sessions in this wait state. DocumentDB only. */
  static waitState(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.WAIT_STATE, 'db.wait_state.name', name, options);
  }

  /**
   * Load of a SQL digest: statements that differ in their literals only. Not for DocumentDB.
   *
   * @param id The dimension `db.sql_tokenized.id`, which the console calls Support ID.
   */
  static sqlDigest(id: string): Metric {
    return Metric.dimension(DimensionGroup.SQL_TOKENIZED, 'db.sql_tokenized.id', id);
  }

  /** Load of the sessions of this user of the database. Not for DocumentDB. */
  static user(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.USER, 'db.user.name', name, options);
  }

  /** Load of the sessions from this host. */
  static host(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.HOST, 'db.host.name', name, options);
  }

  /** Load of the sessions in this database. MySQL, MariaDB, PostgreSQL and DocumentDB. */
  static database(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.DATABASE, 'db.name', name, options);
  }

  /** Load of the sessions of this application. PostgreSQL and DocumentDB. */
  static application(name: string, options?: SliceOptions): Metric {
    return Metric.dimension(DimensionGroup.APPLICATION, 'db.application.name', name, options);
  }

  /**
   * Load of one key of a dimension.
   *
   * @param group The group that the dimension belongs to.
   * @param dimension Full name of the dimension, such as `db.user.name`.
   * @param value The key: at most 256 characters, the limit of a filter in Performance Insights. Filter by an id, such as
   * `db.sql.id`, where it is longer.
   * @param options How it is published.
   */
  static dimension(group: DimensionGroup, dimension: string, value: string, options: SliceOptions = {}): Metric {
    const publishedAs = options.publishedAs ?? value;
    validateSlice(group, dimension, value, publishedAs);
    return new Metric({ kind: 'slice', group, dimension, value, publishedAs, perVcpu: false });
  }

  /** The share of the load, in percent, that the largest key of a group has, whichever it is. */
  static topShare(group: DimensionGroup): Metric {
    new Validation('performanceinsights.Metric')
      .require(
        group.dimensions.length > 0,
        `group ${group.name} has no dimension here that tells its keys apart; name one with DimensionGroup.of('${group.name}', […])`,
      )
      .throwIfInvalid();
    return new Metric({ kind: 'share', group });
  }

  /**
   * All keys of a group that are polled for this database, the largest first. For dashboards: an alarm needs one series.
   *
   * @param group The group.
   * @param limit Number of keys, 1 to 100. 10, unless given otherwise.
   */
  static byDimension(group: DimensionGroup, limit: number = 10): Metric {
    new Validation('performanceinsights.Metric').range('limit', limit, 1, 100).throwIfInvalid();
    return new Metric({ kind: 'breakdown', group, limit });
  }

  private constructor(
    /** @internal */
    readonly _question: Question,
  ) {}

  /** The same load for each vCPU of the database. Only load and parts of it can be divided so. */
  perVcpu(): Metric {
    const question = this._question;
    if (question.kind !== 'load' && question.kind !== 'slice') {
      throw new Error(
        `performanceinsights.Metric: perVcpu must be of load or one key of a dimension, got "${question.kind}"; leave it out`,
      );
    }
    return new Metric({ ...question, perVcpu: true });
  }
}

const STATISTIC_SUFFIX = /\.(avg|min|max|sum)$/;

function validateCounter(name: string): void {
  new Validation('performanceinsights.Metric')
    .length('counter', name, 4, 256)
    // A quote would end the text in metric math.
    .pattern(
      'counter',
      name,
      /^(os|db)\.[\w.() &+/-]*[\w)]$/,
      'be the name of a counter, such as os.cpuUtilization.user',
    )
    .check(
      'counter',
      name,
      Token.isUnresolved(name) || !STATISTIC_SUFFIX.test(name),
      'be named without its statistic (give a CounterStatistic beside it)',
    )
    .check(
      'counter',
      name,
      !/^db\.sql(_tokenized)?\.stats\./.test(name),
      'not be a statistic of SQL statements, which is not a counter of the whole database',
    )
    .throwIfInvalid();
}

/** Filters of Performance Insights: https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_MetricQuery.html */
const MAX_VALUE_LENGTH = 256;
/** The CDK's limit of the value of a dimension. */
const MAX_PUBLISHED_LENGTH = 255;

function validateSlice(group: DimensionGroup, dimension: string, value: string, publishedAs: string): void {
  const validation = new Validation('performanceinsights.Metric');
  const named =
    group.dimensions.length === 0 ? dimension.startsWith(`${group.name}.`) : group.dimensions.includes(dimension);
  validation.check(
    'dimension',
    dimension,
    named,
    `be one of the group ${group.name} (${group.dimensions.join(', ') || `${group.name}.…`})`,
  );
  if (!Token.isUnresolved(value)) {
    validation.check(
      dimension,
      value,
      value.length >= 1 && value.length <= MAX_VALUE_LENGTH,
      `have 1 to ${MAX_VALUE_LENGTH} characters (it has ${value.length}; filter by an id of the group instead)`,
    );
  }
  const name = publishedAs === value ? dimension : 'publishedAs';
  const given = publishedAs === value && value === '' ? undefined : publishedAs;
  if (given !== undefined && !Token.isUnresolved(given) && (given !== value || given.length <= MAX_VALUE_LENGTH)) {
    validation.check(
      name,
      given,
      given.length >= 1 && given.length <= MAX_PUBLISHED_LENGTH,
      `have 1 to ${MAX_PUBLISHED_LENGTH} characters in CloudWatch (it has ${given.length}; give publishedAs)`,
    );
  }
  validation
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
    .pattern(
      name,
      given || undefined,
      /^[ -~]*[!-~][ -~]*$/,
      'consist of printable ASCII characters, as CloudWatch demands (filter by an id of the group, or give publishedAs)',
    )
    .throwIfInvalid();
}
