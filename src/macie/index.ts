export * from './bucket-condition';
export * from './classification-export-configuration';
export * from './classification-job';
export * from './classification-job-props';
export * from './job-schedule';
export * from './managed-data-identifiers';
export * from './object-condition';
