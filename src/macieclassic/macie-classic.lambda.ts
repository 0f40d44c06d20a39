import { createHandler } from '../runtime/handler';
import { memberAccountReconciler } from './member-account.reconciler';
import { s3ResourcesReconciler } from './s3-resources.reconciler';

export const handler = createHandler({
  'Custom::SettledMacieClassicMemberAccount': memberAccountReconciler,
  'Custom::SettledMacieClassicS3Resources': s3ResourcesReconciler,
});
