import type { Credentials } from '../../iam/credentials';
import type { Iam } from '../../iam/iam';
import { ServiceError } from '../service';

export interface StsOptions {
  readonly iam: Iam;
  readonly credentials: Credentials;
  /** Whether an account has opted in to a region, so that its regional endpoint serves it. @default always */
  readonly regionEnabled?: (accountId: string, region: string) => boolean;
}

export type StsState = Readonly<Record<string, never>>;

/** An endpoint of a region serves only accounts that have this region: the caller's for it to be heard at all. */
export function checkRegion({ regionEnabled }: StsOptions, accountId: string, region: string): void {
  if (regionEnabled?.(accountId, region) ?? true) return;
  throw new ServiceError(
    'RegionDisabledException',
    `STS is not activated in region ${region} for account ${accountId}: enable the region, or use another STS region.`,
    403,
  );
}
