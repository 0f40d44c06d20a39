/** The AWS service whose database is asked about. */
export enum ServiceType {
  /** Amazon RDS and Amazon Aurora. */
  RDS = 'RDS',

  /** Amazon DocumentDB. */
  DOCDB = 'DOCDB',
}
