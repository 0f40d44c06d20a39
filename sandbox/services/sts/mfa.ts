import type { Principal } from '../../iam/principal';
import { type Call, type Document, ServiceError } from '../service';
import type { StsOptions } from './sts-options';

/**
 * The moment at which the caller showed a code of its device: now, or `undefined` when the request has none. A wrong code
 * is refused even where none is asked for. Only users have devices.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function mfaOf(input: Document, { principal, world }: Call, { iam }: StsOptions): number | undefined {
  const { SerialNumber, TokenCode } = input;
  if (SerialNumber === undefined && TokenCode === undefined) return undefined;
  if (SerialNumber === undefined || TokenCode === undefined) {
    throw failed(', must provide both MFA serial number and one time pass code.');
  }
  const devices = isUser(principal) ? (iam.users.user(principal.user.arn)?.mfaDevices ?? []) : [];
  const device = devices.find(({ serialNumber }) => serialNumber === SerialNumber);
  if (device === undefined) {
    throw failed(
      ', unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  if (device.code === undefined || device.code !== TokenCode) throw failed(' with invalid MFA one time pass code.');
  return world.clock.now();
}

function isUser(principal: Principal): principal is Principal & { readonly user: object } {
  return principal.user !== undefined && principal.token !== 'federation';
}

function failed(how: string): ServiceError {
  return new ServiceError('AccessDenied', `MultiFactorAuthentication failed${how}`, 403);
}
