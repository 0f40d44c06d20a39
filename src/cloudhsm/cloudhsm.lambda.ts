import { createHandler } from '../runtime/handler';
import { activationReconciler } from './activation.reconciler';
import { backupCopyReconciler } from './backup-copy.reconciler';
import { clusterReconciler } from './cluster.reconciler';
import { hsmReconciler } from './hsm.reconciler';
import { initializationReconciler } from './initialization.reconciler';

export const handler = createHandler({
  'Custom::SettledCloudHsmCluster': clusterReconciler,
  'Custom::SettledCloudHsmHsm': hsmReconciler,
  'Custom::SettledCloudHsmInitialization': initializationReconciler,
  'Custom::SettledCloudHsmActivation': activationReconciler,
  'Custom::SettledCloudHsmBackupCopy': backupCopyReconciler,
});
