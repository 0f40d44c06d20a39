import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type * as docdb from 'aws-cdk-lib/aws-docdb';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import { DatabaseEngine } from './database-engine';
import { ServiceType } from './service-type';
import { vcpusOfClass } from './vcpus';

/** Where the data of a source come from: an instance, or whichever instance is the writer of a cluster. */
export interface Origin {
  readonly serviceType: ServiceType;
  readonly engine?: DatabaseEngine;
  readonly resourceId?: string;
  readonly instanceIdentifier?: string;
  readonly writerOf?: string;
  /** ARN of the key that encrypts the data, where it is the customer's and the construct tells it. */
  readonly keyArn?: string;
  /** Read at synthesis: the class of an instance may be a token before. */
  readonly vcpus?: () => number | undefined;
  /** What must be there before Performance Insights can be asked, beyond what identifiers refer to. */
  readonly prerequisites?: readonly CfnResource[];
}

export function instanceOrigin(instance: rds.IDatabaseInstance): Origin {
  const resource = dbInstanceIn(instance.node.defaultChild);
  const engine = instance.engine?.engineType ?? resource?.engine;
  return {
    serviceType: ServiceType.RDS,
    engine: engineOf(engine),
    // On read replicas, the CDK's own property is an ARN unless a feature flag is set.
    resourceId: resource?.attrDbiResourceId ?? plainResourceId(instance.instanceResourceId),
    instanceIdentifier: identifier(instance.instanceIdentifier),
    keyArn: keyArnIn(resource?.performanceInsightsKmsKeyId),
    vcpus: resource && (() => vcpusOf(resource)),
  };
}

export function docDbInstanceOrigin(instance: docdb.IDatabaseInstance): Origin {
  return {
    serviceType: ServiceType.DOCDB,
    engine: DatabaseEngine.DOCDB,
    instanceIdentifier: identifier(instance.instanceIdentifier),
  };
}

/** The instances of a cluster that are known in this app. */
export function memberOrigins(cluster: rds.IDatabaseCluster): Origin[] {
  const engine = engineOf(cluster.engine?.engineType);
  const members = membersIn(cluster);
  if (members.length === 0) {
    return importedIdentifiers(cluster).map((name) => ({
      serviceType: ServiceType.RDS,
      engine,
      instanceIdentifier: identifier(name),
    }));
  }
  return members.map((member) => ({
    serviceType: ServiceType.RDS,
    engine: engine ?? engineOf(member.engine),
    resourceId: member.attrDbiResourceId,
    instanceIdentifier: member.ref,
    keyArn: keyArnIn(member.performanceInsightsKmsKeyId) ?? clusterKeyArn(cluster),
    vcpus: () => vcpusOf(member),
  }));
}

function importedIdentifiers(cluster: rds.IDatabaseCluster): string[] {
  const identifiers = given(() => cluster.instanceIdentifiers);
  if (identifiers.length > 0 && !Token.isUnresolved(identifiers)) return identifiers;
  throw new Error(
    `${cluster.node.path}: instanceIdentifiers must be known at synthesis, got none; import the cluster with instanceIdentifiers, or use DataSource.fromClusterWriter()`,
  );
}

/** An imported cluster throws where it was not told. */
function given(read: () => string[]): string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

export function writerOrigin(cluster: rds.IDatabaseCluster): Origin {
  const members = membersIn(cluster);
  return {
    serviceType: ServiceType.RDS,
    engine: engineOf(cluster.engine?.engineType),
    writerOf: identifier(cluster.clusterIdentifier),
    keyArn:
      members.map((member) => keyArnIn(member.performanceInsightsKmsKeyId)).find(Boolean) ?? clusterKeyArn(cluster),
    vcpus: () => onlyValue(members.map(vcpusOf)),
    prerequisites: members,
  };
}

/** RDS keeps identifiers in small letters, and so do its metrics. */
export function identifier(name: string): string {
  return Token.isUnresolved(name) ? name : name.toLowerCase();
}

function plainResourceId(id: string | undefined): string | undefined {
  return id?.startsWith('arn:') ? undefined : id;
}

function engineOf(name: string | undefined): DatabaseEngine | undefined {
  return name === undefined || Token.isUnresolved(name) ? undefined : DatabaseEngine.of(name);
}

/** Told by the type, not by the class: loading all of RDS would slow every synthesis down. */
function dbInstanceIn(construct: IConstruct | undefined): rds.CfnDBInstance | undefined {
  return isOfType(construct, 'AWS::RDS::DBInstance') ? (construct as rds.CfnDBInstance) : undefined;
}

function isOfType(construct: IConstruct | undefined, type: string): boolean {
  return construct !== undefined && CfnResource.isCfnResource(construct) && construct.cfnResourceType === type;
}

function membersIn(cluster: rds.IDatabaseCluster): rds.CfnDBInstance[] {
  return cluster.node.findAll().flatMap((child) => dbInstanceIn(child) ?? []);
}

function clusterKeyArn(cluster: rds.IDatabaseCluster): string | undefined {
  const resource = cluster.node.defaultChild ?? cluster.node.tryFindChild('Resource');
  return isOfType(resource, 'AWS::RDS::DBCluster')
    ? keyArnIn((resource as rds.CfnDBCluster).performanceInsightsKmsKeyId)
    : undefined;
}

/** The property also takes ids and aliases, of which no permission can be made. */
function keyArnIn(key: string | undefined): string | undefined {
  return key !== undefined && (Token.isUnresolved(key) || key.startsWith('arn:')) ? key : undefined;
}

function vcpusOf(resource: rds.CfnDBInstance): number | undefined {
  const instanceClass: unknown = Stack.of(resource).resolve(resource.dbInstanceClass);
  return typeof instanceClass === 'string' ? vcpusOfClass(instanceClass) : undefined;
}

function onlyValue(values: ReadonlyArray<number | undefined>): number | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}
