import { createHandler } from '../runtime/handler';
import { readinessReconciler } from './readiness.reconciler';

export const handler = createHandler({
  'Custom::SettledPerformanceInsightsReadiness': readinessReconciler,
});
