import { createHandler } from '../runtime/handler';
import { appMonitorReconciler } from './app-monitor.reconciler';

export const handler = createHandler({
  'Custom::SettledRumAppMonitor': appMonitorReconciler,
});
