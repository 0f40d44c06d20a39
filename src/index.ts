export * as cloudhsm from './cloudhsm';
export * as performanceinsights from './performanceinsights';
export * as rum from './rum';
export * as sts from './sts';
