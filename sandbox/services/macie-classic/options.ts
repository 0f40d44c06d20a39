import type { Call } from '../service';

/**
 * What no source settles about Macie Classic ([U]) and what differs between accounts. Defaults forgive a caller least,
 * except where evidence or the plain case is named.
 */
export interface MacieClassicOptions {
  /**
   * Whether Macie Classic is enabled in every account. It could only be enabled in the console, never by its API.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * How a member account lets Macie in: `iam` looks up its handshake role, `none` asks for nothing, a function decides.
   * @default 'iam'
   */
  readonly handshake?: 'iam' | 'none' | ((administratorId: string, memberId: string) => boolean);
  /**
   * Virtual seconds for which a handshake role is refused after Macie met it first. Others waited ten seconds.
   * @default 0
   */
  readonly handshakeSeconds?: number;
  /** [U] Virtual seconds until ListMemberAccounts shows a change. @default 5 */
  readonly memberLagSeconds?: number;
  /** [U] Virtual seconds until ListS3Resources shows a change. @default 0 */
  readonly resourceLagSeconds?: number;
  /**
   * [U] AssociateMemberAccount of a member. Of the administrator itself it succeeds, as acceptance tests of others show.
   * @default 'accept' - as for the administrator
   */
  readonly memberAgain?: 'accept' | 'refuse';
  /**
   * [U] AssociateS3Resources of a resource that is associated: it fails, nothing happens, or its classification changes.
   * @default 'fail' - whoever repeats a call after a lost answer must look first
   */
  readonly resourceAgain?: 'fail' | 'accept' | 'update';
  /** [U] Whether a member account that is disassociated takes its S3 resources along. @default true */
  readonly memberTakesResources?: boolean;
  /** [U] The error of S3 operations for an account that is no member. @default 'InvalidInputException' */
  readonly strangerError?: 'InvalidInputException' | 'AccessDeniedException';
  /**
   * [U] The most S3 resources of one call. The model has no limit; the console let one select 250.
   * @default 250
   */
  readonly resourcesPerCall?: number;
  /** [U] Whether a quota refuses a whole call or the resources that are too many. @default 'call' */
  readonly quotaRefuses?: 'call' | 'item';
  readonly quotas?: Partial<MacieClassicQuotas>;
  /** [U] Whether an association without a prefix is listed without one or with an empty one. @default 'omitted' */
  readonly emptyPrefix?: 'omitted' | 'empty';
  /**
   * The bucket of a name, wherever it is. Then buckets must exist, in the account that is named and in this region.
   * @default - not checked
   */
  readonly bucket?: (name: string, call: Call) => { readonly accountId: string; readonly region: string } | undefined;
}

/** [U] Per administrator account and region; no source has figures. */
export interface MacieClassicQuotas {
  /** The administrator itself is not counted. @default Infinity */
  readonly memberAccounts: number;
  /** Of all accounts together. @default Infinity */
  readonly s3Resources: number;
}

export type MacieClassicSettings = Required<Omit<MacieClassicOptions, 'bucket' | 'quotas'>> &
  Pick<MacieClassicOptions, 'bucket'> & { readonly quotas: MacieClassicQuotas };

export function settingsOf(options: MacieClassicOptions): MacieClassicSettings {
  return {
    enabled: true,
    handshake: 'iam',
    handshakeSeconds: 0,
    memberLagSeconds: 5,
    resourceLagSeconds: 0,
    memberAgain: 'accept',
    resourceAgain: 'fail',
    memberTakesResources: true,
    strangerError: 'InvalidInputException',
    resourcesPerCall: 250,
    quotaRefuses: 'call',
    emptyPrefix: 'omitted',
    ...options,
    quotas: { memberAccounts: Infinity, s3Resources: Infinity, ...options.quotas },
  };
}
