import type { PolicyDocument } from '../../iam/principal';
import type { Call } from '../service';

/**
 * Durations, quotas, and what no source settles about Macie ([U]). Defaults of the last kind forgive a caller least, or
 * say why not.
 */
export interface Macie2Options {
  /** Virtual seconds that one run of a job takes. @default 900 */
  readonly runSeconds?: number;
  /**
   * [U] The first state of a scheduled job that is to leave out existing objects. Others saw `RUNNING` right after
   * creation with an initial run.
   * @default 'IDLE' - it waits for its first scheduled run
   */
  readonly withoutInitialRun?: 'IDLE' | 'RUNNING';
  /** [U] The error of a token that was used with other settings. @default 'ConflictException' */
  readonly otherSettingsError?: 'ConflictException' | 'ValidationException';
  /** [U] The error of a bucket or key that Macie may not use for results. @default 'ValidationException' */
  readonly exportRefusal?: 'ValidationException' | 'AccessDeniedException';
  /**
   * [U] Whether PutClassificationExportConfiguration also asks its caller for `s3:GetBucketLocation` and `s3:PutObject`
   * on the bucket, which the user guide lists for whoever configures results.
   * @default false - the guide speaks of the console in the same list
   */
  readonly exportAsksForS3?: boolean;
  /**
   * What is known of buckets and keys. Then a bucket and a key for results must exist, and their policies must let Macie
   * in.
   * @default - not checked
   */
  readonly exportWitness?: ExportWitness;
  readonly quotas?: Partial<Macie2Quotas>;
}

/** Per account and region: https://docs.aws.amazon.com/macie/latest/user/macie-quotas.html */
export interface Macie2Quotas {
  /** Seconds between two calls of CreateClassificationJob; one more is throttled. AWS allows 0.1 a second. @default 10 */
  readonly createIntervalSeconds: number;
  /** @default 1000 */
  readonly bucketsPerJob: number;
  /** @default 30 */
  readonly customDataIdentifiersPerJob: number;
  /** @default 10 */
  readonly allowListsPerJob: number;
}

/** What stands around Macie, as far as the export of results needs it. */
export interface ExportWitness {
  bucket(name: string, call: Call): ExportBucket | undefined;
  key(arn: string, call: Call): ExportKey | undefined;
}

export interface ExportBucket {
  readonly accountId: string;
  readonly region: string;
  readonly policy?: PolicyDocument;
}

export interface ExportKey {
  readonly spec: string;
  readonly usage: string;
  readonly enabled: boolean;
  readonly policy: PolicyDocument;
}

export type Macie2Settings = Required<Omit<Macie2Options, 'exportWitness' | 'quotas'>> &
  Pick<Macie2Options, 'exportWitness'> & { readonly quotas: Macie2Quotas };

export function settingsOf(options: Macie2Options): Macie2Settings {
  return {
    runSeconds: 900,
    withoutInitialRun: 'IDLE',
    otherSettingsError: 'ConflictException',
    exportRefusal: 'ValidationException',
    exportAsksForS3: false,
    ...options,
    quotas: {
      createIntervalSeconds: 10,
      bucketsPerJob: 1_000,
      customDataIdentifiersPerJob: 30,
      allowListsPerJob: 10,
      ...options.quotas,
    },
  };
}
