import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { ExplainedStack } from './explained-stack';
import { FederationStack } from './federation-stack';
import { addWatch } from './watch';

const app = new App();
addWatch(app);
new ExplainedStack(app, 'Explained');
// cdk synth -c directory=metadata.xml
const metadata: string | undefined = app.node.tryGetContext('directory');
if (metadata !== undefined) {
  new FederationStack(app, 'Federation', { samlMetadata: readFileSync(metadata, 'utf8') });
}
