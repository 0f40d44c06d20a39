import { type DBInstance, DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { AwsClients } from '../runtime/clients';
import { ifPresent, SettlingError } from '../runtime/errors';
import type { SourceAddress } from './poll-request.runtime';

/** Amazon DocumentDB answers to the same API, and is described by it. */
const rds = (aws: AwsClients): RDSClient => aws.get(RDSClient, 'RDS');

/** The instance that an address means at this moment; undefined where there is none. */
export async function describeSource(aws: AwsClients, address: SourceAddress): Promise<DBInstance | undefined> {
  const { writerOf, resourceId, instanceIdentifier } = address;
  if (writerOf !== undefined) {
    const writer = await writerIdentifier(aws, writerOf);
    return writer === undefined ? undefined : describeInstance(aws, writer);
  }
  // A replaced instance has a new resource id under its old identifier.
  return instanceIdentifier === undefined
    ? instanceWithResourceId(aws, resourceId ?? '')
    : describeInstance(aws, instanceIdentifier);
}

/** The writer of a cluster: a failover makes it another instance. */
export async function writerIdentifier(aws: AwsClients, cluster: string): Promise<string | undefined> {
  const answer = await ifPresent(() => rds(aws).send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster })));
  return answer?.DBClusters?.[0]?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)
    ?.DBInstanceIdentifier;
}

async function describeInstance(aws: AwsClients, identifier: string): Promise<DBInstance | undefined> {
  const answer = await ifPresent(() =>
    rds(aws).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier })),
  );
  return answer?.DBInstances?.[0];
}

async function instanceWithResourceId(aws: AwsClients, resourceId: string): Promise<DBInstance | undefined> {
  const filter = { Name: 'dbi-resource-id', Values: [resourceId] };
  const answer = await rds(aws).send(new DescribeDBInstancesCommand({ Filters: [filter] }));
  return answer.DBInstances?.[0];
}

/**
 * The resource ids behind identifiers, kept as long as the environment of the function lives. A replaced instance has
 * another one: what Performance Insights refuses, or has no data for, is to be forgotten.
 */
export class ResourceIds {
  private readonly known = new Map<string, string>();

  /** `scope` is the account and region that the clients reach: an identifier is unique in these. */
  async of(aws: AwsClients, scope: string, address: SourceAddress): Promise<string> {
    const { writerOf, resourceId } = address;
    if (writerOf === undefined && resourceId !== undefined) return resourceId;
    const identifier = writerOf === undefined ? address.instanceIdentifier : await writerIdentifier(aws, writerOf);
    if (identifier === undefined) throw new SettlingError(`cluster ${writerOf} does not exist or has no writer now`);
    const key = `${scope} ${identifier}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const instance = await describeInstance(aws, identifier);
    if (instance?.DbiResourceId === undefined) throw new SettlingError(`instance ${identifier} does not exist`);
    this.known.set(key, instance.DbiResourceId);
    return instance.DbiResourceId;
  }

  forget(resourceId: string): void {
    for (const [key, value] of this.known) {
      if (value === resourceId) this.known.delete(key);
    }
  }
}
