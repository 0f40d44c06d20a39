/** What CreateCluster and ModifyCluster check beyond the shapes of the model. */
import type { Call, Document } from '../service';
import { invalidRequest } from './errors';
import type { CloudHsmSettings } from './options';
import type { Backup, CloudHsmContext, ClusterMode } from './state';

/** The only type that knows no mode but FIPS and needs none to be named. */
export const FIPS_ONLY = 'hsm1.medium';

/** The model's documentation of BackupRetentionPolicy. */
const RETENTION_DAYS = { least: 7, most: 379, usual: 90 } as const;

export interface Placement {
  readonly vpcId: string;
  /** From Availability Zone to subnet. */
  readonly subnets: ReadonlyMap<string, string>;
}

/** Where a cluster goes: one VPC, one subnet in each Availability Zone, and only zones that have CloudHSM. */
export function placementOf(subnetIds: readonly string[], call: Call, context: CloudHsmContext): Placement {
  const subnets = new Map<string, string>();
  let vpcId: string | undefined;
  for (const id of subnetIds) {
    const subnet = context.network.subnet(call.accountId, call.region, id);
    if (subnet === undefined) throw invalidRequest(`subnet '${id}' does not exist in this region`);
    vpcId ??= subnet.vpcId;
    if (subnet.vpcId !== vpcId) {
      throw invalidRequest(`subnet '${id}' is in ${subnet.vpcId} and not in ${vpcId}; all must be in one VPC`);
    }
    const zone = subnet.availabilityZone;
    const other = subnets.get(zone);
    if (other !== undefined) {
      throw invalidRequest(`subnets '${other}' and '${id}' are both in ${zone}; name one subnet for each zone`);
    }
    if (context.settings.zonesWithoutCloudHsm.includes(zone)) {
      throw invalidRequest(`subnet '${id}' is in ${zone}, where CloudHSM is not offered`);
    }
    subnets.set(zone, id);
  }
  return { vpcId: vpcId!, subnets };
}

export function checkHsmType(type: string, settings: CloudHsmSettings): void {
  if (!settings.hsmTypes.includes(type)) {
    throw invalidRequest(`HsmType '${type}' is not one of ${settings.hsmTypes.join(', ')}`);
  }
}

export function modeOf(input: Document, settings: CloudHsmSettings): ClusterMode {
  checkHsmType(input.HsmType, settings);
  if (settings.retiredHsmTypes.includes(input.HsmType)) {
    throw invalidRequest(`no new clusters can be made with HsmType '${input.HsmType}'; use a later type`);
  }
  if (input.HsmType === FIPS_ONLY) {
    if (input.Mode === 'NON_FIPS') throw invalidRequest(`Mode NON_FIPS is not supported by HsmType '${FIPS_ONLY}'`);
    return 'FIPS';
  }
  if (input.Mode === undefined) throw invalidRequest(`HsmType '${input.HsmType}' needs a Mode: FIPS or NON_FIPS`);
  return input.Mode;
}

/**
 * A backup restores into its own mode only. Into which types it does is not documented for all pairs; here the
 * older type takes no backup of a later one.
 */
export function checkRestorable(backup: Backup, input: Document, mode: ClusterMode): void {
  if (backup.mode !== mode) {
    throw invalidRequest(`backup '${backup.id}' is of mode ${backup.mode} and cannot be restored in mode ${mode}`);
  }
  if (input.HsmType === FIPS_ONLY && backup.hsmType !== FIPS_ONLY) {
    throw invalidRequest(`backup '${backup.id}' is of ${backup.hsmType} and cannot be restored to ${FIPS_ONLY}`);
  }
}

/** The days of a BackupRetentionPolicy, or the usual ones without it. */
export function retentionDays(policy: Document | undefined): number {
  if (policy === undefined) return RETENTION_DAYS.usual;
  const days = Number(policy.Value);
  if (policy.Type !== 'DAYS' || !(days >= RETENTION_DAYS.least && days <= RETENTION_DAYS.most)) {
    throw invalidRequest(
      `BackupRetentionPolicy must be of Type DAYS with a Value from ${RETENTION_DAYS.least} to ${RETENTION_DAYS.most}, ` +
        `got Type '${policy.Type}' and Value '${policy.Value}'`,
    );
  }
  return days;
}
