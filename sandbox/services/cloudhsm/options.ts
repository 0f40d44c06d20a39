/**
 * Durations that others measured, quotas that AWS raises, and what no source settles about CloudHSM ([U]). Defaults of the
 * last kind forgive a caller least, so that a caller which works here works under either truth. Numbers of points are
 * those that others measured, see README.md. Durations are virtual seconds.
 */
export interface CloudHsmOptions {
  readonly durations?: Partial<CloudHsmDurations>;
  readonly quotas?: Partial<CloudHsmQuotas>;
  /**
   * [U] The error of an exceeded quota: the model declares none for CreateCluster and CreateHsm.
   * @default 'CloudHsmServiceException'
   */
  readonly quotaError?: 'CloudHsmServiceException' | 'CloudHsmInvalidRequestException';
  /** The types that a cluster can have. @default ['hsm1.medium', 'hsm2m.medium'] */
  readonly hsmTypes?: readonly string[];
  /**
   * Types that exist and of which no new cluster can be made, as was announced of hsm1.medium for 2025-12-01.
   * @default [] - so that the migration away from hsm1.medium can be tried
   */
  readonly retiredHsmTypes?: readonly string[];
  /** Availability Zones without CloudHSM. @default [] */
  readonly zonesWithoutCloudHsm?: readonly string[];
  /**
   * [U] DeleteHsm of an HSM that is still being created.
   * @default 'refuse' - whoever cancels must wait
   */
  readonly deleteWhileCreating?: 'refuse' | 'accept';
  /** Whether active clusters are backed up every 24 hours. @default false - a long run stays readable */
  readonly dailyBackups?: boolean;
  /**
   * [U] Whether CreateCluster, CreateHsm and DeleteHsm also ask for the actions that only the user guide lists
   * (ec2:CreateTags, DescribeVpcs, DescribeNetworkInterfaceAttribute, DetachNetworkInterface).
   * @default true
   */
  readonly guideActions?: boolean;
  /**
   * [U] What a caller is told when EC2 refuses what CloudHSM asks of it on the caller's behalf: EC2's own words with the
   * encoded message, or the refusal alone.
   * @default 'plain'
   */
  readonly ec2Denial?: 'encoded' | 'plain';
}

export interface CloudHsmDurations {
  /** From CreateCluster to UNINITIALIZED, or to ACTIVE when it is restored. @default 150 */
  readonly clusterCreate: number;
  /** @default 150 */
  readonly clusterDelete: number;
  /** From CreateHsm to ACTIVE; others saw up to ten minutes. @default 480 */
  readonly hsmCreate: number;
  /** For which a deleted HSM is still listed. @default 120 */
  readonly hsmDelete: number;
  /** [U] For which an HSM that AWS replaced by itself is being created. @default 480 */
  readonly hsmReplace: number;
  /** From InitializeCluster to INITIALIZED. @default 60 */
  readonly initialize: number;
  /** For which an activated cluster still shows INITIALIZED and refuses CreateHsm. @default 80 */
  readonly activationSeen: number;
  /** Of one HSM, to another type and back. @default 1800 */
  readonly typeMigration: number;
  /** Within which a migration can be taken back, from its start. @default 86400 */
  readonly typeRollbackWindow: number;
  /** [U] From CREATE_IN_PROGRESS to READY. @default 60 */
  readonly backupCreate: number;
  /** [U] From CREATE_IN_PROGRESS to READY in the other region. @default 300 */
  readonly backupCopy: number;
  /** [U] For which deleted clusters and backups are still described as DELETED. @default 0 */
  readonly deletedVisible: number;
}

/** Per account and region. */
export interface CloudHsmQuotas {
  /** @default 4 */
  readonly clusters: number;
  /** @default 6 */
  readonly hsms: number;
  /** @default 28 */
  readonly hsmsPerCluster: number;
}

export type CloudHsmSettings = Required<Omit<CloudHsmOptions, 'durations' | 'quotas'>> & {
  readonly durations: CloudHsmDurations;
  readonly quotas: CloudHsmQuotas;
};

export function settingsOf(options: CloudHsmOptions): CloudHsmSettings {
  return {
    quotaError: 'CloudHsmServiceException',
    hsmTypes: ['hsm1.medium', 'hsm2m.medium'],
    retiredHsmTypes: [],
    zonesWithoutCloudHsm: [],
    deleteWhileCreating: 'refuse',
    dailyBackups: false,
    guideActions: true,
    ec2Denial: 'plain',
    ...options,
    durations: { ...DURATIONS, ...options.durations },
    quotas: { ...QUOTAS, ...options.quotas },
  };
}

const DURATIONS: CloudHsmDurations = {
  clusterCreate: 150,
  clusterDelete: 150,
  hsmCreate: 480,
  hsmDelete: 120,
  hsmReplace: 480,
  initialize: 60,
  activationSeen: 80,
  typeMigration: 1_800,
  typeRollbackWindow: 86_400,
  backupCreate: 60,
  backupCopy: 300,
  deletedVisible: 0,
};

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/limits.html */
const QUOTAS: CloudHsmQuotas = { clusters: 4, hsms: 6, hsmsPerCluster: 28 };
