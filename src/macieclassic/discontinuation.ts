import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const WARNING_ID = 'cdk-settled:macie-classic-discontinued';

/** Says at synthesis what a deployment would otherwise be the first to say. */
export function warnOfDiscontinuation(scope: Construct, successor: string): void {
  Annotations.of(scope).addWarningV2(
    WARNING_ID,
    `AWS has discontinued Macie Classic, and its endpoints may not be reachable any more: creating this fails then, and deleting it counts as done; use today's Amazon Macie instead (${successor})`,
  );
}
