/**
 * The rules that the model's shapes do not express: which members go together, and what an update makes of the members
 * that it does not name. Unknown points are options (`merge`, `exclusivePages`); nothing else can be cleared by an
 * update but what has an empty or a default value, because `IdentityPoolId` and `GuestRoleArn` have a minimum length
 * (see README.md).
 */
import type { Call, Document } from '../service';
import { notFound, validationError } from './errors';
import type { RumSettings } from './options';
import type { AppMonitorConfiguration, DeobfuscationConfiguration } from './state';

/** Documented with AppMonitorConfiguration: ten per cent of the sessions unless the request says otherwise. */
const DEFAULT_SAMPLE_RATE = 0.1;

/** What a monitor's configuration is after `given` was applied to `current` (nothing, when the monitor is new). */
export function resultingConfiguration(
  given: AppMonitorConfiguration | undefined,
  current: AppMonitorConfiguration | undefined,
  settings: RumSettings,
): AppMonitorConfiguration {
  checkPages(given ?? {}, 'cannot both be given in one operation');
  if (given === undefined && current !== undefined) return current;
  const kept = settings.merge === 'members' ? current : undefined;
  const result = { SessionSampleRate: DEFAULT_SAMPLE_RATE, ...kept, ...knownMembers(given ?? {}) };
  if (settings.exclusivePages === 'result') {
    checkPages(result, 'cannot both be set; empty the other list with [] in the same operation');
  }
  return result;
}

/** The domain of a new monitor: exactly one of the two members. */
export function checkNewDomain(input: Document): void {
  checkOneDomain(input);
  if (input.Domain === undefined && input.DomainList === undefined) {
    throw validationError('One of Domain and DomainList is required');
  }
}

export function checkOneDomain(input: Document): void {
  if (input.Domain !== undefined && input.DomainList !== undefined) {
    throw validationError('Domain and DomainList cannot both be given');
  }
}

export function checkDeobfuscation(configuration: DeobfuscationConfiguration | undefined): void {
  const maps = configuration?.JavaScriptSourceMaps;
  if (maps?.Status === 'ENABLED' && maps.S3Uri === undefined) {
    throw validationError('DeobfuscationConfiguration.JavaScriptSourceMaps.S3Uri is required when Status is ENABLED');
  }
}

/** The identity pool and the guest role exist, where somebody knows. */
export function checkReferences(given: AppMonitorConfiguration | undefined, call: Call, settings: RumSettings): void {
  const { IdentityPoolId: pool, GuestRoleArn: role } = given ?? {};
  if (pool !== undefined && settings.identityPoolExists?.(call, pool) === false) throw notFound('IdentityPool', pool);
  if (role !== undefined && settings.roleExists?.(call, role) === false) throw notFound('Role', role);
}

function checkPages(configuration: AppMonitorConfiguration, problem: string): void {
  const { IncludedPages: included = [], ExcludedPages: excluded = [] } = configuration;
  if (included.length > 0 && excluded.length > 0) throw validationError(`IncludedPages and ExcludedPages ${problem}`);
}

const MEMBERS: ReadonlyArray<keyof AppMonitorConfiguration> = [
  'IdentityPoolId',
  'ExcludedPages',
  'IncludedPages',
  'FavoritePages',
  'SessionSampleRate',
  'GuestRoleArn',
  'AllowCookies',
  'Telemetries',
  'EnableXRay',
];

function knownMembers(given: AppMonitorConfiguration): AppMonitorConfiguration {
  const known = MEMBERS.filter((member) => given[member] !== undefined && given[member] !== null);
  return Object.fromEntries(known.map((member) => [member, given[member]]));
}
