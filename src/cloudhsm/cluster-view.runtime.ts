import {
  CloudHSMV2Client,
  type Cluster,
  DescribeClustersCommand,
  ListTagsCommand,
  type Tag,
} from '@aws-sdk/client-cloudhsm-v2';
import type { AwsClients } from '../runtime/clients';
import { everyPage } from '../runtime/pages';
import { tagsOf } from '../runtime/tags';

/** A cluster as plans see it. */
export interface ClusterView {
  readonly id: string;
  readonly state: string;
  readonly stateMessage?: string;
  readonly created?: Date;
  readonly vpcId: string;
  readonly securityGroupId: string;
  readonly hsmType: string;
  /** Subnet by zone. */
  readonly subnets: Readonly<Record<string, string>>;
  readonly hsms: readonly HsmView[];
  readonly retentionDays?: number;
  /** The certificate request; there is one only after the first HSM and before initialization. */
  readonly csr?: string;
  /** What the certificate authority made of the request; there from initialization on. */
  readonly clusterCertificate?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface HsmView {
  readonly hsmId: string;
  readonly eniId: string;
  readonly address: string;
  readonly zone: string;
  readonly state: string;
  readonly stateMessage?: string;
}

export function cloudHsm(aws: AwsClients): CloudHSMV2Client {
  return aws.get(CloudHSMV2Client, 'CLOUDHSM_V2');
}

/** One cluster, unless it is gone. */
export async function describeCluster(aws: AwsClients, id: string): Promise<ClusterView | undefined> {
  return (await describeClusters(aws, { clusterIds: [id] }))[0];
}

/** All clusters that are not gone. */
export async function describeClusters(aws: AwsClients, Filters?: Record<string, string[]>): Promise<ClusterView[]> {
  const pages = await everyPage((NextToken) => cloudHsm(aws).send(new DescribeClustersCommand({ Filters, NextToken })));
  const clusters = pages.flatMap(({ Clusters = [] }) => Clusters).filter(({ State }) => State !== 'DELETED');
  const views: ClusterView[] = [];
  for (const cluster of clusters) {
    // An answer without tags is no proof that there are none: by its tags a cluster is known as ours.
    views.push(viewOf(cluster, cluster.TagList ?? (await listTags(aws, cluster.ClusterId ?? ''))));
  }
  return views;
}

async function listTags(aws: AwsClients, ResourceId: string): Promise<Tag[]> {
  const pages = await everyPage((NextToken) => cloudHsm(aws).send(new ListTagsCommand({ ResourceId, NextToken })));
  return pages.flatMap(({ TagList = [] }) => TagList);
}

function viewOf(cluster: Cluster, tags: readonly Tag[]): ClusterView {
  return {
    id: cluster.ClusterId ?? '',
    state: cluster.State ?? '',
    stateMessage: cluster.StateMessage,
    created: cluster.CreateTimestamp,
    vpcId: cluster.VpcId ?? '',
    securityGroupId: cluster.SecurityGroup ?? '',
    hsmType: cluster.HsmType ?? '',
    subnets: cluster.SubnetMapping ?? {},
    hsms: (cluster.Hsms ?? []).filter(({ State }) => State !== 'DELETED').map(hsmOf),
    retentionDays: daysOf(cluster.BackupRetentionPolicy?.Value),
    csr: cluster.Certificates?.ClusterCsr,
    clusterCertificate: cluster.Certificates?.ClusterCertificate,
    tags: tagsOf(tags),
  };
}

function hsmOf(hsm: NonNullable<Cluster['Hsms']>[number]): HsmView {
  return {
    hsmId: hsm.HsmId ?? '',
    eniId: hsm.EniId ?? '',
    address: hsm.EniIp ?? '',
    zone: hsm.AvailabilityZone ?? '',
    state: hsm.State ?? '',
    stateMessage: hsm.StateMessage,
  };
}

function daysOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
