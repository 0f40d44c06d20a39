import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';
import * as library from '../src';

/** What each module gives to users: the types stand here as well as the values. */
const EXPORTS: Record<string, string[]> = {
  cloudhsm: [
    'Activation',
    'ActivationProject',
    'ActivationProjectAttributes',
    'ActivationProjectProps',
    'AddHsmOptions',
    'BackupCopy',
    'BackupCopyPermissionsOptions',
    'BackupCopyProps',
    'BackupSource',
    'CertificateAuthority',
    'Cluster',
    'ClusterActivation',
    'ClusterActivationProps',
    'ClusterAlarmOptions',
    'ClusterAlarms',
    'ClusterAttributes',
    'ClusterInitialization',
    'ClusterInitializationPermissionsOptions',
    'ClusterInitializationProps',
    'ClusterMode',
    'ClusterPermissionsOptions',
    'ClusterProps',
    'CodeBuildActivationOptions',
    'ExternalCertificateOptions',
    'Hsm',
    'HsmPlacement',
    'HsmProps',
    'HsmType',
    'IActivationProject',
    'ICluster',
    'IHsm',
    'NetworkType',
  ],
  macie: [
    'AccountBuckets',
    'BucketCondition',
    'BucketCriteria',
    'BucketTag',
    'ClassificationExportConfiguration',
    'ClassificationExportConfigurationProps',
    'ClassificationJob',
    'ClassificationJobProps',
    'Comparison',
    'DayOfWeek',
    'EffectivePermission',
    'IClassificationJob',
    'JobSchedule',
    'ManagedDataIdentifiers',
    'ObjectCondition',
    'ObjectScope',
    'ObjectTag',
    'SharedAccess',
  ],
  macieclassic: [
    'ClassificationType',
    'ContinuousClassification',
    'HandshakeRole',
    'HandshakeRoleProps',
    'MemberAccountAssociation',
    'MemberAccountAssociationProps',
    'MonitoredResource',
    'OneTimeClassification',
    'S3ResourceAssociation',
    'S3ResourceAssociationProps',
    'S3ResourceAssociations',
    'S3ResourceAssociationsProps',
  ],
  performanceinsights: [
    'Alarm',
    'AlarmOptions',
    'AlarmPermissionsOptions',
    'AlarmProps',
    'AnomalyAlarmProps',
    'AnomalyBand',
    'AnomalyDirection',
    'ApplicationAlarmProps',
    'CounterAlarmProps',
    'CounterStatistic',
    'DataSource',
    'DataSourceOptions',
    'DatabaseAlarmProps',
    'DatabaseEngine',
    'DatabasePermissionsOptions',
    'DimensionAlarmProps',
    'DimensionGroup',
    'HostAlarmProps',
    'LoadAlarmOptions',
    'LoadDashboard',
    'LoadDashboardProps',
    'LoadWidget',
    'LoadWidgetProps',
    'Metric',
    'MetricEngine',
    'Readiness',
    'ReadinessCheck',
    'ReadinessProps',
    'ResourceIdOptions',
    'SeriesOptions',
    'ServiceType',
    'SliceOptions',
    'SqlDigestAlarmProps',
    'TopKeysNotification',
    'TopKeysNotificationProps',
    'TopShareAlarmProps',
    'UserAlarmProps',
    'WaitEventAlarmProps',
    'WaitEventTypeAlarmProps',
  ],
  rum: [
    'AppMonitor',
    'AppMonitorAttributes',
    'AppMonitorPermissionsOptions',
    'AppMonitorProps',
    'Authorization',
    'CognitoAuthorizationOptions',
    'IAppMonitor',
    'Platform',
    'Telemetry',
    'WebClient',
    'WebClientOptions',
  ],
  sts: [
    'DelegatedPermissions',
    'DelegatedRole',
    'DelegatedRoleProps',
    'Denials',
    'FederatedRoleOptions',
    'FederationBroker',
    'FederationBrokerProps',
    'GuestRole',
    'GuestRoleProps',
    'IDelegable',
    'ManagingStack',
    'MfaSession',
    'MfaSessionProps',
    'RoleAssumption',
    'RoleAssumptionProps',
    'RoleOptions',
    'SamlRole',
    'SamlRoleProps',
    'TrustedCaller',
    'WebIdentityRole',
    'WebIdentityRoleProps',
  ],
};

const VALUES: Record<string, string[]> = {
  cloudhsm: [
    'Activation',
    'ActivationProject',
    'BackupCopy',
    'BackupSource',
    'CertificateAuthority',
    'Cluster',
    'ClusterActivation',
    'ClusterInitialization',
    'ClusterMode',
    'Hsm',
    'HsmType',
    'NetworkType',
  ],
  macie: [
    'BucketCondition',
    'ClassificationExportConfiguration',
    'ClassificationJob',
    'Comparison',
    'DayOfWeek',
    'EffectivePermission',
    'JobSchedule',
    'ManagedDataIdentifiers',
    'ObjectCondition',
    'SharedAccess',
  ],
  macieclassic: [
    'ContinuousClassification',
    'HandshakeRole',
    'MemberAccountAssociation',
    'OneTimeClassification',
    'S3ResourceAssociation',
    'S3ResourceAssociations',
  ],
  performanceinsights: [
    'Alarm',
    'AnomalyDirection',
    'CounterStatistic',
    'DataSource',
    'DatabaseEngine',
    'DimensionGroup',
    'LoadDashboard',
    'LoadWidget',
    'Metric',
    'MetricEngine',
    'Readiness',
    'ReadinessCheck',
    'ServiceType',
    'TopKeysNotification',
  ],
  rum: ['AppMonitor', 'Authorization', 'Platform', 'Telemetry'],
  sts: [
    'DelegatedPermissions',
    'DelegatedRole',
    'Denials',
    'FederationBroker',
    'GuestRole',
    'MfaSession',
    'RoleAssumption',
    'SamlRole',
    'TrustedCaller',
    'WebIdentityRole',
  ],
};

/** Sees the library's own files only: their exports do not need the types of what they import. */
function libraryProgram(entry: string): ts.Program {
  const options: ts.CompilerOptions = { noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containingFile) =>
    literals.map(({ text }) => {
      const path = resolve(dirname(containingFile), text);
      const file = text.startsWith('.') ? [`${path}.ts`, join(path, 'index.ts')].find(existsSync) : undefined;
      return {
        resolvedModule: file === undefined ? undefined : { resolvedFileName: file, extension: ts.Extension.Ts },
      };
    });
  return ts.createProgram([entry], options, host);
}

/** The public names of each module, without what is marked as internal, which is not published. */
function publicNames(): Record<string, string[]> {
  const entry = resolve(__dirname, '../src/index.ts');
  const program = libraryProgram(entry);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const index = source && checker.getSymbolAtLocation(source);
  if (index === undefined) throw new Error('src/index.ts is no module');
  const names = (module: ts.Symbol) =>
    checker
      .getExportsOfModule(checker.getAliasedSymbol(module))
      .filter((symbol) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'internal'))
      .map(({ name }) => name)
      .sort();
  return Object.fromEntries(checker.getExportsOfModule(index).map((module) => [module.name, names(module)]));
}

test('the public names of each module are exactly those that are meant to be', () => {
  expect(publicNames()).toEqual(EXPORTS);
});

test('the values among them exist', () => {
  const values = Object.entries(library).map(([module, members]) => [module, Object.keys(members).sort()]);
  expect(Object.fromEntries(values)).toEqual(VALUES);
});
