import type { SettledService } from '../core/settled-provider';
import { PerformanceInsightsFunction } from './performance-insights-function';
import { ACCESS_FINDINGS } from './source-permissions';

export const READINESS_TYPE = 'Custom::SettledPerformanceInsightsReadiness';

/** The provider of all readiness checks of a stack. Deleting one makes no calls: permissions come with each data source. */
export const PERFORMANCE_INSIGHTS_SERVICE: SettledService = {
  id: 'PerformanceInsights',
  handlerClass: PerformanceInsightsFunction,
  permissions: () => [],
  explainedFindings: ACCESS_FINDINGS,
};
