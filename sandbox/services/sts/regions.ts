import { type Call, ServiceError } from '../service';
import type { StsOptions } from './sts-options';

/**
 * STS issues credentials in a region only for accounts in which it is activated there, and hears callers only where their
 * account has the region, which matters for those regions that an account must opt in to.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
 */
export function checkIssuingRegion({ regionEnabled }: StsOptions, accountId: string, region: string): void {
  if (regionEnabled?.(accountId, region) ?? true) return;
  throw new ServiceError(
    'RegionDisabledException',
    `STS is not activated in region ${region} for account ${accountId}: enable the region, or use another STS region.`,
    403,
  );
}

/** To a region that its account has not opted in to, a caller is a stranger. */
export function checkCallingRegion({ regionEnabled }: StsOptions, { principal, region }: Call): void {
  if (!OPT_IN_REGIONS.has(region) || (regionEnabled?.(principal.accountId, region) ?? true)) return;
  throw new ServiceError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
}

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const OPT_IN_REGIONS: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]);
