export * from './denials';
export * from './required-permissions';
export * from './role-assumption';
