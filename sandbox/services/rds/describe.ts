import type { Context, Permission } from '../../iam/principal';
import type { Call, Document, Operation } from '../service';
import { invalidValue } from './errors';
import {
  existingCluster,
  existingInstance,
  findCluster,
  findInstance,
  isNamed,
  membersOf,
  standingClusters,
  standingInstances,
} from './lookup';
import { page } from './pages';
import type { DbCluster, DbInstance, RdsState } from './state';

export const describeOperations: Readonly<Record<string, Operation<RdsState>>> = {
  DescribeDBInstances: {
    permissions: (input, call, state) => [
      permission('DescribeDBInstances', 'db', input.DBInstanceIdentifier, call, (name) =>
        findInstance(state, call.world.clock.now(), name),
      ),
    ],
    handle: (input, state, call) => {
      const now = call.world.clock.now();
      const name = input.DBInstanceIdentifier;
      const chosen = name === undefined ? standingInstances(state, now) : [existingInstance(state, now, name)];
      const { items, marker } = page(filtered(chosen, input.Filters, INSTANCE_FILTERS, state), input);
      return {
        DBInstances: items.map((instance) => describeInstance(instance, now)),
        ...(marker && { Marker: marker }),
      };
    },
  },
  DescribeDBClusters: {
    permissions: (input, call, state) => [
      permission('DescribeDBClusters', 'cluster', input.DBClusterIdentifier, call, (name) =>
        findCluster(state, call.world.clock.now(), name),
      ),
    ],
    handle: (input, state, call) => {
      const now = call.world.clock.now();
      const name = input.DBClusterIdentifier;
      const chosen = name === undefined ? standingClusters(state, now) : [existingCluster(state, now, name)];
      const { items, marker } = page(filtered(chosen, input.Filters, CLUSTER_FILTERS, state), input);
      return {
        DBClusters: items.map((cluster) => describeCluster(cluster, state, now)),
        ...(marker && { Marker: marker }),
      };
    },
  },
};

type Fits<Item> = (item: Item, value: string, state: RdsState) => boolean;

const INSTANCE_FILTERS: Readonly<Record<string, Fits<DbInstance>>> = {
  'db-instance-id': isNamed,
  'dbi-resource-id': ({ resourceId }, value) => resourceId === value,
  'db-cluster-id': ({ clusterIdentifier }, value, { clusters }) =>
    clusters.some((cluster) => cluster.identifier === clusterIdentifier && isNamed(cluster, value)),
  engine: ({ engine }, value) => engine === value,
};

const CLUSTER_FILTERS: Readonly<Record<string, Fits<DbCluster>>> = {
  'db-cluster-id': isNamed,
  'db-cluster-resource-id': ({ resourceId }, value) => resourceId === value,
  engine: ({ engine }, value) => engine === value,
};

/** An item must fit one value of each filter. */
function filtered<Item>(
  items: readonly Item[],
  filters: ReadonlyArray<{ readonly Name: string; readonly Values: readonly string[] }> = [],
  known: Readonly<Record<string, Fits<Item>>>,
  state: RdsState,
): Item[] {
  for (const { Name } of filters) {
    if (known[Name] === undefined) {
      throw invalidValue(`Unrecognized filter name: ${Name}; the sandbox knows ${Object.keys(known).join(', ')}`);
    }
  }
  return items.filter((item) =>
    filters.every(({ Name, Values }) => Values.some((value) => known[Name]!(item, value, state))),
  );
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
function permission(
  action: string,
  kind: 'db' | 'cluster',
  name: string | undefined,
  { world, region, accountId }: Call,
  find: (name: string) => { readonly arn: string; readonly tags: Readonly<Record<string, string>> } | undefined,
): Permission {
  const found = name === undefined ? undefined : find(name);
  const prefix = `arn:${world.partition}:rds:${region}:${accountId}:${kind}:`;
  const resource = found?.arn ?? (name?.startsWith('arn:') ? name : `${prefix}${name?.toLowerCase() ?? '*'}`);
  const tags = Object.entries(found?.tags ?? {}).flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`rds:${kind}-tag/${key}`, value],
  ]);
  return { action: `rds:${action}`, resource, context: Object.fromEntries(tags) as Context };
}

function describeInstance(instance: DbInstance, now: number): Document {
  const enabled = instance.performanceInsights.at(now);
  const status = instance.status.at(now);
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceClass: instance.instanceClass.at(now),
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    DBInstanceStatus: status,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    ...(instance.clusterIdentifier !== undefined && { DBClusterIdentifier: instance.clusterIdentifier }),
    // An instance has no address before it is there.
    ...(status !== 'creating' && { Endpoint: { Address: instance.endpoint, Port: instance.port } }),
    InstanceCreateTime: new Date(instance.createdAt),
    MonitoringInterval: instance.monitoringInterval,
    PromotionTier: instance.promotionTier,
    PerformanceInsightsEnabled: enabled,
    ...(enabled && {
      ...(instance.performanceInsightsKeyArn && { PerformanceInsightsKMSKeyId: instance.performanceInsightsKeyArn }),
      PerformanceInsightsRetentionPeriod: instance.performanceInsightsRetentionDays,
    }),
    TagList: tagList(instance.tags),
  };
}

function describeCluster(cluster: DbCluster, state: RdsState, now: number): Document {
  const writer = cluster.writer.at(now);
  return {
    DBClusterIdentifier: cluster.identifier,
    DBClusterArn: cluster.arn,
    DbClusterResourceId: cluster.resourceId,
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    Status: cluster.status.at(now),
    Endpoint: cluster.endpoint,
    ReaderEndpoint: cluster.readerEndpoint,
    Port: cluster.port,
    ClusterCreateTime: new Date(cluster.createdAt),
    DBClusterMembers: membersOf(state, now, cluster).map(({ identifier, promotionTier }) => ({
      DBInstanceIdentifier: identifier,
      IsClusterWriter: identifier === writer,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: promotionTier,
    })),
    TagList: tagList(cluster.tags),
  };
}

function tagList(tags: Readonly<Record<string, string>>): Document {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
