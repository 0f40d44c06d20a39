import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ExplainedFinding } from '../core/nag';
import { Realm } from '../core/realm';
import type { DataSource } from './data-source';

export interface SourceAccess {
  /** Actions of Performance Insights. */
  readonly actions: readonly string[];
  /** Whether the instance is described even where its resource id is known. */
  readonly describes?: boolean;
}

/** What the poller does. */
export const POLLING: SourceAccess = { actions: ['pi:GetResourceMetrics'] };
/** What a readiness check does. */
export const LOOKING: SourceAccess = {
  actions: ['pi:GetResourceMetrics', 'pi:ListAvailableResourceMetrics', 'pi:ListAvailableResourceDimensions'],
  describes: true,
};
/** What a notification does. */
export const TELLING: SourceAccess = { actions: ['pi:DescribeDimensionKeys', 'pi:GetDimensionKeyDetails'] };

/** What permissions know a database by. */
export interface SourceIdentity {
  readonly resourceId?: string;
  readonly instanceIdentifier?: string;
  readonly clusterIdentifier?: string;
  readonly keyArn?: string;
}

/** What it takes a function of the stack to ask about a data source. */
export function accessTo(scope: Construct, source: DataSource, access: SourceAccess): iam.PolicyStatement[] {
  // With a role to assume, that role has the permissions.
  if (source._assumeRole !== undefined) return [source._assumeRole._permission()];
  return accessIn(Realm.ofStack(Stack.of(scope)), source._identity, access);
}

/** What it takes to ask about a database there. */
export function accessIn(realm: Realm, source: SourceIdentity, access: SourceAccess): iam.PolicyStatement[] {
  return [asking(realm, source, access.actions), ...describing(realm, source, access), ...decrypting(realm, source)];
}

/** The CDK divides policies that are too long, but not statements: each must find room in a managed policy. */
const MAX_RESOURCES = 10;
const TOGETHER = new WeakMap<iam.Role, Map<string, iam.PolicyStatement>>();

/** Allows a role what several data sources take, with common statements for the same actions: policies are short. */
export function allowTogether(role: iam.Role, statements: readonly iam.PolicyStatement[]): void {
  const given = TOGETHER.get(role) ?? new Map<string, iam.PolicyStatement>();
  TOGETHER.set(role, given);
  for (const statement of statements) {
    const key = JSON.stringify([statement.actions, statement.conditions]);
    const same = given.get(key);
    if (same !== undefined && same.resources.length < MAX_RESOURCES) {
      same.addResources(...statement.resources);
    } else {
      role.addToPolicy(statement);
      given.set(key, statement);
    }
  }
}

/** The same ARN for RDS and DocumentDB, as the managed policy AmazonRDSPerformanceInsightsReadOnly has it. */
function asking(realm: Realm, { resourceId }: SourceIdentity, actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [...actions],
    resources: [
      realm.arn({
        service: 'pi',
        resource: 'metrics',
        // "*": the resource id of a writer, or of an imported instance, is looked up each time.
        resourceName: `rds/${resourceId ?? '*'}`,
      }),
    ],
  });
}

function describing(realm: Realm, source: SourceIdentity, { describes = false }: SourceAccess): iam.PolicyStatement[] {
  const { resourceId, instanceIdentifier, clusterIdentifier } = source;
  if (resourceId !== undefined && !describes) return [];
  const arn = (kind: string, name: string) => realm.arn({ service: 'rds', resource: `${kind}:${name}` });
  const instances = new iam.PolicyStatement({
    actions: ['rds:DescribeDBInstances'],
    // "*": any instance of a cluster can become its writer.
    resources: [arn('db', instanceIdentifier ?? '*')],
  });
  if (clusterIdentifier === undefined) return [instances];
  return [
    instances,
    new iam.PolicyStatement({ actions: ['rds:DescribeDBClusters'], resources: [arn('cluster', clusterIdentifier)] }),
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.cmk-policy.html */
function decrypting(realm: Realm, { keyArn, resourceId }: SourceIdentity): iam.PolicyStatement[] {
  if (keyArn === undefined) return [];
  const context = 'kms:EncryptionContext:aws:rds:db-id';
  const through = { 'kms:ViaService': realm.through('rds') };
  return [
    new iam.PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [keyArn],
      conditions:
        resourceId === undefined
          ? { StringEquals: through, StringLike: { [context]: 'db-*' } }
          : { StringEquals: { ...through, [context]: resourceId } },
    }),
  ];
}

/** To see the heartbeats. "*": it has no resource-level permissions. */
export function readingMetrics(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricStatistics'], resources: ['*'] });
}

/** Why permissions are as wide as they are. */
export const ACCESS_FINDINGS: readonly ExplainedFinding[] = [
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'Reading only: the resource id of the writer of a cluster, or of an imported instance, is looked up.',
    finding: /^Resource::arn:.+:pi:.+:metrics\/rds\/\*$/,
  },
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'Reading only: any instance of a cluster can become its writer, whose resource id is looked up.',
    finding: /^Resource::arn:.+:rds:.+:db:\*$/,
  },
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'Metrics have no resource-level permissions; publishing is limited to the namespace of this library.',
    finding: /^Resource::\*$/,
  },
];
