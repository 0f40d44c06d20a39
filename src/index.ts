export * as cloudhsm from './cloudhsm';
export * as rum from './rum';
export * as sts from './sts';
