import { Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { requiredBy, requiredFrom } from '../core/delegation';
import { handlerLogs, handlerRole, PINNED_RUNTIME } from '../core/handler';
import { type ExplainedFinding, explainFindings } from '../core/nag';
import { markAsProvider } from '../core/provider-tag';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { DataSource } from './data-source';
import type { DatabasePermissionsOptions } from './data-source-options';
import { accessRequirement, namedSource } from './delegation';
import { DimensionGroup } from './dimension-groups';
import { NotificationFunction } from './notification-function';
import { PERFORMANCE_INSIGHTS_SERVICE } from './provider';
import { ServiceType } from './service-type';
import { ACCESS_FINDINGS, accessTo, TELLING } from './source-permissions';

/** Properties of a notification. */
export interface TopKeysNotificationProps {
  /** The database. */
  readonly dataSource: DataSource;

  /** Where the notifications go. They contain the text of SQL statements: give the topic the readers that may see it. */
  readonly topic: sns.ITopic;

  /**
   * The groups whose top keys are told, 1 to 10.
   *
   * @default - SQL digests and wait events; query digests and wait states for DocumentDB
   */
  readonly groups?: DimensionGroup[];

  /**
   * Number of keys of each group, 1 to 25.
   *
   * @default 5
   */
  readonly limit?: number;

  /**
   * Time before the alarm that is looked at where the alarm does not say over which it was evaluated: whole minutes, at
   * most a day.
   *
   * @default Duration.minutes(15)
   */
  readonly window?: Duration;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, less what the function has beside it */
const MAX_ENVIRONMENT_BYTES = 4096 - 128;

/**
 * An action of an alarm that tells what the database was doing: the top keys of the time that the alarm looked at, with
 * the text of SQL statements, published to a topic.
 *
 * Give it as `alarmActions` to alarms on the same data source.
 */
export class TopKeysNotification extends Construct implements cloudwatch.IAlarmAction, IDelegable {
  /** What a role needs so that a notification of another app can ask about a database through it. */
  static requiredPermissionsFor(manager: ManagingStack, options: DatabasePermissionsOptions): DelegatedPermissions {
    return requiredFrom(manager, accessRequirement(namedSource(options), TELLING));
  }

  /** The function that asks and publishes. */
  readonly function: lambda.Function;

  private readonly action: actions.LambdaAction;
  private readonly dataSource: DataSource;

  constructor(scope: Construct, id: string, props: TopKeysNotificationProps) {
    super(scope, id);
    const { dataSource, topic } = props;
    this.dataSource = dataSource;
    const groups = props.groups ?? defaultGroups(dataSource.serviceType);
    validate(this.node.path, props, groups);
    const logGroup = handlerLogs(this);
    const role = handlerRole(this, 'Role', logGroup, 'cdk-settled: tells what a database does when an alarm goes off');
    for (const statement of accessTo(this, dataSource, TELLING)) role.addToPolicy(statement);
    if (dataSource._assumeRole !== undefined) markAsProvider(role, PERFORMANCE_INSIGHTS_SERVICE.id);
    topic.grantPublish(role);
    const configuration = this.configuration(props, groups);
    this.function = new NotificationFunction(this, 'Function', {
      role,
      logGroup,
      timeout: Duration.minutes(1),
      memorySize: 256,
      environment: { SETTLED_NOTIFICATION: configuration },
    });
    dataSource._assumeRole?._dependOn(this.function);
    this.action = new actions.LambdaAction(this.function, { useUniquePermissionId: true });
    this.node.addValidation({ validate: () => this.problems(configuration) });
    explainFindings(this, 'AWS::Lambda::Function', [PINNED_RUNTIME]);
    explainFindings(role, 'AWS::IAM::Policy', [...ACCESS_FINDINGS, TOPIC_KEY]);
  }

  /** Called when the action is given to an alarm. */
  bind(scope: Construct, alarm: cloudwatch.IAlarm): cloudwatch.AlarmActionConfig {
    return this.action.bind(scope, alarm);
  }

  /** What a role needs so that the notification can ask about the database, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    const { _assumeRole: assumeRole, _identity: identity } = this.dataSource;
    return requiredBy(this, PERFORMANCE_INSIGHTS_SERVICE, assumeRole, () => [accessRequirement(identity, TELLING)]);
  }

  /** What the function reads (`notification-configuration.runtime.ts`). */
  private configuration(props: TopKeysNotificationProps, groups: readonly DimensionGroup[]): string {
    const { dataSource, topic, limit = 5, window = Duration.minutes(15) } = props;
    return Stack.of(this).toJsonString({
      source: { ...dataSource._render(), dimensions: dataSource._publishedDimensions },
      topicArn: topic.topicArn,
      groups: groups.map(({ name }) => name),
      limit,
      windowMinutes: window.toMinutes(),
      assumeRole: dataSource._assumeRole?._render(this),
    });
  }

  private problems(configuration: string): string[] {
    const text = Stack.of(this).resolve(configuration);
    const bytes = Buffer.byteLength(typeof text === 'string' ? text : JSON.stringify(text));
    if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
    return [
      `the configuration must fit into ${MAX_ENVIRONMENT_BYTES} bytes of the environment of a function, got ${bytes} bytes; shorten the session policy and tags of assumeRole`,
    ];
  }
}

const TOPIC_KEY: ExplainedFinding = {
  rule: 'AwsSolutions-IAM5',
  reason: 'Publishing to a topic with a key of its own needs data keys; this is how the CDK grants it.',
  finding: /^Action::kms:(GenerateDataKey|ReEncrypt)\*$/,
};

function defaultGroups(serviceType: ServiceType): DimensionGroup[] {
  return serviceType === ServiceType.DOCDB
    ? [DimensionGroup.QUERY_TOKENIZED, DimensionGroup.WAIT_STATE]
    : [DimensionGroup.SQL_TOKENIZED, DimensionGroup.WAIT_EVENT];
}

const MINUTES_A_DAY = 1440;

function validate(
  path: string,
  { dataSource, limit, window }: TopKeysNotificationProps,
  groups: readonly DimensionGroup[],
): void {
  const validation = new Validation(path).count('groups', groups, 1, 10).range('limit', limit, 1, 25);
  for (const group of groups) {
    const missing = group._missingOn(dataSource.serviceType, dataSource.engine);
    validation.check('groups', group.name, missing === undefined, `exist on this database (${missing})`);
  }
  if (window !== undefined && !window.isUnresolved()) {
    const seconds = window.toSeconds();
    validation
      .range('window', seconds, 60, MINUTES_A_DAY * 60, ' seconds')
      .check('window', `${seconds} seconds`, seconds % 60 === 0, 'be whole minutes');
  }
  validation.throwIfInvalid();
}
