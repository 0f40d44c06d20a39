import { decodeGoal, type MonitorGoal } from '../../src/rum/app-monitor-configuration.runtime';
import { Properties } from '../../src/runtime/properties';

/** Every property of a monitor with a value that is not the default, as CloudFormation delivers it. */
export const FULL_PROPERTIES = {
  Domain: 'shop.example.com',
  CwLogEnabled: 'true',
  SessionSampleRate: '0.5',
  Telemetries: ['errors', 'http'],
  AllowCookies: 'true',
  EnableXRay: 'true',
  ExcludedPages: ['https://shop.example.com/admin'],
  FavoritePages: ['https://shop.example.com/'],
  CustomEvents: 'ENABLED',
  Platform: 'Web',
  JavaScriptSourceMaps: 's3://maps/shop',
  IdentityPoolId: 'eu-central-1:0f1e2d3c',
  GuestRoleArn: 'arn:aws:iam::111122223333:role/Guest',
} as const;

export const MINIMAL_PROPERTIES = { Domain: 'shop.example.com' } as const;

export function goalOf(properties: Readonly<Record<string, unknown>>): MonitorGoal {
  return decodeGoal(new Properties(properties));
}
