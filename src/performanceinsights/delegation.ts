import type { Requirement } from '../core/delegation';
import { Validation } from '../core/validation';
import type { DatabasePermissionsOptions } from './data-source-options';
import { identifier } from './origin';
import { PERFORMANCE_INSIGHTS_SERVICE } from './provider';
import { accessIn, type SourceAccess, type SourceIdentity } from './source-permissions';

/** What it takes a role to ask about a database. */
export function accessRequirement(source: SourceIdentity, access: SourceAccess): Requirement {
  return { service: PERFORMANCE_INSIGHTS_SERVICE, permissions: (realm) => accessIn(realm, source, access) };
}

/** A database that is known by its names. */
export function namedSource(options: DatabasePermissionsOptions): SourceIdentity {
  const { resourceId, instanceIdentifier, clusterIdentifier, encryptionKey } = options;
  new Validation('performanceinsights.DatabasePermissionsOptions')
    .require(
      [resourceId, instanceIdentifier, clusterIdentifier].some((name) => name !== undefined),
      'resourceId, instanceIdentifier or clusterIdentifier must be given, got none; pass what the data source is made of',
    )
    .throwIfInvalid();
  return {
    resourceId,
    instanceIdentifier: instanceIdentifier && identifier(instanceIdentifier),
    clusterIdentifier: clusterIdentifier && identifier(clusterIdentifier),
    keyArn: encryptionKey?.keyArn,
  };
}
