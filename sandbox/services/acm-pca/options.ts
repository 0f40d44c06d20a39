export interface AcmPcaOptions {
  /**
   * Virtual seconds from IssueCertificate until GetCertificate has it. The API says that there is such a time, and not
   * how long it is [U].
   * @default 3
   */
  readonly issuingSeconds?: number;
}

export type AcmPcaSettings = Required<AcmPcaOptions>;

export function settingsOf({ issuingSeconds = 3 }: AcmPcaOptions): AcmPcaSettings {
  return { issuingSeconds };
}
