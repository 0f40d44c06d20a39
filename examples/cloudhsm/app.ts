import { App } from 'aws-cdk-lib';
import { VaultStack } from './vault-stack';

const app = new App();
new VaultStack(app, 'Vault');
