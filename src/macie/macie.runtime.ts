import { Macie2Client } from '@aws-sdk/client-macie2';
import type { Place, Run } from '../runtime/reconciler';

export function macie({ aws }: Run<unknown>): Macie2Client {
  return aws.get(Macie2Client, 'MACIE2');
}

/** Macie says it as if a permission were missing. */
export function isNotEnabled(error: unknown): boolean {
  return error instanceof Error && /Macie is not enabled/i.test(error.message);
}

export function notEnabledIn({ accountId, region }: Place): string {
  return `Macie is not enabled in ${accountId}/${region}; enable it first, with AWS::Macie::Session (CfnSession of aws-cdk-lib/aws-macie) on which this depends`;
}
