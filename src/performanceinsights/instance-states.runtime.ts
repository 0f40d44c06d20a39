/** What the state of an instance means for its measuring. */
export type InstancePhase = 'working' | 'stopped' | 'stuck' | 'changing';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html; all other states are passing ones. */
const PHASES: Readonly<Record<Exclude<InstancePhase, 'changing'>, readonly string[]>> = {
  working: [
    'available',
    'backing-up',
    'configuring-enhanced-monitoring',
    'configuring-iam-database-auth',
    'configuring-log-exports',
    'storage-config-upgrade',
    'storage-full',
    'storage-initialization',
    'storage-optimization',
  ],
  stopped: ['stopping', 'stopped'],
  // They end only when somebody does something.
  stuck: [
    'delete-precheck',
    'deleting',
    'failed',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
    'incompatible-create',
    'incompatible-network',
    'incompatible-option-group',
    'incompatible-parameters',
    'incompatible-restore',
    'insufficient-capacity',
    'restore-error',
  ],
};

export function phaseOf(status: string): InstancePhase {
  if (PHASES.working.includes(status)) return 'working';
  if (PHASES.stopped.includes(status)) return 'stopped';
  return PHASES.stuck.includes(status) ? 'stuck' : 'changing';
}
