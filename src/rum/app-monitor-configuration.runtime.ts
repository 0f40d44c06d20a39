import type {
  AppMonitor,
  AppMonitorConfiguration,
  CreateAppMonitorCommandInput,
  CustomEventsStatus,
  Telemetry,
  UpdateAppMonitorCommandInput,
} from '@aws-sdk/client-rum';
import { SettlingError } from '../runtime/errors';
import type { Properties } from '../runtime/properties';

/** Everything about a monitor that can be compared, with the service's defaults filled in. */
export interface Configuration {
  readonly domains: readonly string[];
  readonly cwLogEnabled: boolean;
  readonly sessionSampleRate: number;
  readonly telemetries: readonly string[];
  readonly allowCookies: boolean;
  readonly enableXRay: boolean;
  readonly includedPages: readonly string[];
  readonly excludedPages: readonly string[];
  readonly favoritePages: readonly string[];
  readonly customEvents: string;
  readonly platform: string;
  /** S3 URI of JavaScript source maps; absent when they are not used. */
  readonly sourceMaps?: string;
  readonly identityPoolId?: string;
  readonly guestRoleArn?: string;
}

export interface MonitorGoal {
  /** Absent when the name is to be generated. */
  readonly name?: string;
  readonly configuration: Configuration;
  readonly tags: Readonly<Record<string, string>>;
}

/** The values that RUM assumes where none is given. */
const DEFAULTS = {
  sessionSampleRate: 0.1,
  customEvents: 'DISABLED',
  platform: 'Web',
} as const;

export function decodeGoal(properties: Properties): MonitorGoal {
  return {
    name: properties.optionalString('Name'),
    tags: withoutReserved(properties.tags('Tags')),
    configuration: {
      domains: properties.optionalStrings('DomainList') ?? [properties.string('Domain')],
      cwLogEnabled: properties.optionalBoolean('CwLogEnabled') ?? false,
      sessionSampleRate: properties.optionalNumber('SessionSampleRate') ?? DEFAULTS.sessionSampleRate,
      telemetries: properties.optionalStrings('Telemetries') ?? [],
      allowCookies: properties.optionalBoolean('AllowCookies') ?? false,
      enableXRay: properties.optionalBoolean('EnableXRay') ?? false,
      includedPages: properties.optionalStrings('IncludedPages') ?? [],
      excludedPages: properties.optionalStrings('ExcludedPages') ?? [],
      favoritePages: properties.optionalStrings('FavoritePages') ?? [],
      customEvents: properties.optionalString('CustomEvents') ?? DEFAULTS.customEvents,
      platform: properties.optionalString('Platform') ?? DEFAULTS.platform,
      sourceMaps: properties.optionalString('JavaScriptSourceMaps'),
      identityPoolId: properties.optionalString('IdentityPoolId'),
      guestRoleArn: properties.optionalString('GuestRoleArn'),
    },
  };
}

/** Tags of a whole app reach a monitor unchecked; taken as they are, these would make it lose its owner. */
function withoutReserved(tags: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(tags).find((key) => key.startsWith('cdk-settled:'));
  if (reserved === undefined) return tags;
  throw new SettlingError(`property Tags must not have the reserved key "${reserved}"; choose another prefix`);
}

export function configurationOf(monitor: AppMonitor): Configuration {
  const { AppMonitorConfiguration: configuration = {} } = monitor;
  const sourceMaps = monitor.DeobfuscationConfiguration?.JavaScriptSourceMaps;
  return {
    domains: monitor.DomainList ?? (monitor.Domain === undefined ? [] : [monitor.Domain]),
    cwLogEnabled: monitor.DataStorage?.CwLog?.CwLogEnabled ?? false,
    sessionSampleRate: configuration.SessionSampleRate ?? DEFAULTS.sessionSampleRate,
    telemetries: configuration.Telemetries ?? [],
    allowCookies: configuration.AllowCookies ?? false,
    enableXRay: configuration.EnableXRay ?? false,
    includedPages: configuration.IncludedPages ?? [],
    excludedPages: configuration.ExcludedPages ?? [],
    favoritePages: configuration.FavoritePages ?? [],
    customEvents: monitor.CustomEvents?.Status ?? DEFAULTS.customEvents,
    platform: monitor.Platform ?? DEFAULTS.platform,
    sourceMaps: sourceMaps?.Status === 'ENABLED' ? sourceMaps.S3Uri : undefined,
    identityPoolId: configuration.IdentityPoolId,
    guestRoleArn: configuration.GuestRoleArn,
  };
}

/** Names of what differs. Lists are compared as sets, since nothing says that the service keeps their order. */
export function differences(wanted: Configuration, observed: Configuration): string[] {
  const names = Object.keys({ ...wanted, ...observed }) as Array<keyof Configuration>;
  return names.filter((name) => comparable(wanted[name]) !== comparable(observed[name]));
}

function comparable(value: Configuration[keyof Configuration]): string {
  return JSON.stringify(Array.isArray(value) ? [...new Set(value)].sort() : value) ?? '';
}

export function createInput(name: string, goal: MonitorGoal): CreateAppMonitorCommandInput {
  const { platform, includedPages, excludedPages } = goal.configuration;
  return {
    ...commonInput(name, goal.configuration),
    Platform: platform as CreateAppMonitorCommandInput['Platform'],
    AppMonitorConfiguration: {
      ...commonConfiguration(goal.configuration),
      // The two exclude each other in one operation.
      ...(includedPages.length > 0 ? { IncludedPages: [...includedPages] } : {}),
      ...(excludedPages.length > 0 ? { ExcludedPages: [...excludedPages] } : {}),
    },
  };
}

/**
 * The whole desired state with explicit resets: RUM keeps what an update omits, and whether it merges the nested
 * configuration is not documented. A page list is reset only where there is one to reset, since included and excluded
 * pages exclude each other in one operation.
 */
export function updateInput(name: string, goal: MonitorGoal, observed: Configuration): UpdateAppMonitorCommandInput {
  const { includedPages, excludedPages } = goal.configuration;
  return {
    ...commonInput(name, goal.configuration),
    AppMonitorConfiguration: {
      ...commonConfiguration(goal.configuration),
      ...(includedPages.length > 0 || observed.includedPages.length > 0 ? { IncludedPages: [...includedPages] } : {}),
      ...(excludedPages.length > 0 || observed.excludedPages.length > 0 ? { ExcludedPages: [...excludedPages] } : {}),
    },
  };
}

function commonInput(name: string, configuration: Configuration) {
  const { domains, cwLogEnabled, customEvents, sourceMaps } = configuration;
  return {
    Name: name,
    ...(domains.length === 1 ? { Domain: domains[0] } : { DomainList: [...domains] }),
    CwLogEnabled: cwLogEnabled,
    CustomEvents: { Status: customEvents as CustomEventsStatus },
    DeobfuscationConfiguration: {
      JavaScriptSourceMaps:
        sourceMaps === undefined ? { Status: 'DISABLED' as const } : { Status: 'ENABLED' as const, S3Uri: sourceMaps },
    },
  };
}

function commonConfiguration(configuration: Configuration): AppMonitorConfiguration {
  return {
    SessionSampleRate: configuration.sessionSampleRate,
    Telemetries: [...configuration.telemetries] as Telemetry[],
    AllowCookies: configuration.allowCookies,
    EnableXRay: configuration.enableXRay,
    FavoritePages: [...configuration.favoritePages],
    IdentityPoolId: configuration.identityPoolId,
    GuestRoleArn: configuration.guestRoleArn,
  };
}
