import { App } from 'aws-cdk-lib';
import { ArchiveStack } from './archive-stack';

const app = new App();
new ArchiveStack(app, 'Archive');
