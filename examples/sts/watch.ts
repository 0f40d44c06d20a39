import type { App } from 'aws-cdk-lib';
import { WatchStack, type WatchStackProps } from './watch-stack';
import { WorkloadAccessStack } from './workload-access-stack';

const REGION = 'eu-central-1';
export const WATCHING = { account: '111111111111', region: REGION };
export const WORKLOAD = { account: '222222222222', region: REGION };

/** Two accounts, each with a stack. */
export function addWatch(app: App, props: Partial<WatchStackProps> = {}): WatchStack {
  const access = new WorkloadAccessStack(app, 'WorkloadAccess', { env: WORKLOAD });
  return new WatchStack(app, 'Watch', { env: WATCHING, workload: access.watch, ...props });
}
