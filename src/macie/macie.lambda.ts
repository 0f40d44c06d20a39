import { createHandler } from '../runtime/handler';
import { classificationExportReconciler } from './classification-export.reconciler';
import { classificationJobReconciler } from './classification-job.reconciler';

export const handler = createHandler({
  'Custom::SettledMacieClassificationJob': classificationJobReconciler,
  'Custom::SettledMacieClassificationExport': classificationExportReconciler,
});
