export * as rum from './rum';
export * as sts from './sts';
