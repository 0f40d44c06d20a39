export * as cloudhsm from './cloudhsm';
export * as macie from './macie';
export * as macieclassic from './macieclassic';
export * as performanceinsights from './performanceinsights';
export * as rum from './rum';
export * as sts from './sts';
