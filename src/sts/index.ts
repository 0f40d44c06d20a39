export * from './role-assumption';
