export * from './classification-type';
export * from './handshake-role';
export * from './member-account-association';
export * from './monitored-resource';
export * from './s3-resource-association';
export * from './s3-resource-associations';
