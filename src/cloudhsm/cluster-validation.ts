import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkTags } from '../core/tag-validation';
import { Validation } from '../core/validation';
import { ClusterMode } from './cluster-mode';
import type { ClusterProps } from './cluster-props';
import { HsmType } from './hsm-type';
import { isInBlock } from './ip-address';

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/limits.html */
export const MAX_HSMS = 28;

/**
 * A cluster has at most 50 tags. One for each HSM says whose it is, and four say whose the cluster is and how it was made.
 */
export const MAX_TAGS = 50 - MAX_HSMS - 4;

/** Fails with everything that is wrong with the props; tokens are left to the service. */
export function validateCluster(path: string, props: ClusterProps): void {
  const { hsmCount, hsms, hsmType = HsmType.HSM2M_MEDIUM, mode, removalPolicy, deleteBackups } = props;
  const validation = new Validation(path)
    .require(hsmCount === undefined || hsms === undefined, 'pass either hsmCount or hsms, got both')
    .range('hsmCount', hsmCount, 0, MAX_HSMS)
    .count('hsms', hsms, 0, MAX_HSMS)
    .check('hsmCount', hsmCount, whole(hsmCount), 'be a whole number known at synthesis')
    .check(
      'mode',
      mode,
      mode !== ClusterMode.NON_FIPS || hsmType.name !== HsmType.HSM1_MEDIUM.name,
      'be FIPS with hsm1.medium; use HsmType.HSM2M_MEDIUM for NON_FIPS',
    )
    .require(
      !deleteBackups || removalPolicy === RemovalPolicy.DESTROY,
      'deleteBackups needs removalPolicy DESTROY: a cluster that is kept keeps its backups',
    )
    .require(
      props.restoreFrom === undefined || (props.initialization === undefined && props.activation === undefined),
      'restoreFrom excludes initialization and activation: a restored cluster is active, with the certificate and the users of its backup; leave them out',
    );
  validateRetention(validation, props);
  validateAddresses(validation, props);
  checkTags(validation, props.tags, MAX_TAGS);
  validation.throwIfInvalid();
}

function whole(count: number | undefined): boolean {
  return count === undefined || (!Token.isUnresolved(count) && Number.isInteger(count));
}

/** The model's BackupRetentionPolicy: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_BackupRetentionPolicy.html */
function validateRetention(validation: Validation, { backupRetention }: ClusterProps): void {
  if (backupRetention === undefined || backupRetention.isUnresolved()) return;
  const days = backupRetention.toDays({ integral: false });
  validation
    .range('backupRetention', days, 7, 379, ' days')
    .check('backupRetention', days, Number.isInteger(days), 'be whole days');
}

function validateAddresses(validation: Validation, { hsms = [] }: ClusterProps): void {
  const addresses = hsms.flatMap(({ ipAddress }) => ipAddress ?? []).filter((address) => !Token.isUnresolved(address));
  for (const address of new Set(addresses)) {
    validation.require(
      addresses.filter((other) => other === address).length === 1,
      `hsms gives the address ${address} more than once; each HSM has its own`,
    );
  }
}

/** What is wrong with the place of an HSM; undefined where nothing is, or where names and blocks are not known. */
export function placeProblem(
  subnets: readonly ec2.ISubnet[],
  zone: string,
  ipAddress: string | undefined,
): string | undefined {
  const subnet = subnets.find(({ availabilityZone }) => availabilityZone === zone);
  const zones = subnets.map(({ availabilityZone }) => availabilityZone);
  if (subnet === undefined) {
    if ([zone, ...zones].some((name) => Token.isUnresolved(name))) return undefined;
    return `availabilityZone must be a zone of the cluster (${zones.join(', ')}), got "${zone}"; add the zone to the cluster, or choose another`;
  }
  const block = blockOf(subnet);
  if (ipAddress === undefined || block === undefined || Token.isUnresolved(ipAddress)) return undefined;
  return isInBlock(ipAddress, block)
    ? undefined
    : `ipAddress must be in ${block}, the block of the subnet ${subnet.node.path} in ${zone}, got "${ipAddress}"`;
}

/** Undefined where the subnet was imported without it. */
function blockOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return Token.isUnresolved(subnet.ipv4CidrBlock) ? undefined : subnet.ipv4CidrBlock;
  } catch {
    return undefined;
  }
}
