import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ExplainedFinding } from './nag';
import { Validation } from './validation';

const LOG_RETENTION_CONTEXT = 'cdk-settled:logRetentionDays';

/** The log group of the functions in a construct. */
export function handlerLogs(scope: Construct): logs.LogGroup {
  return new logs.LogGroup(scope, 'Logs', {
    retention: logRetention(scope),
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A role for a function that writes to this log group, and may do nothing else yet. */
export function handlerRole(scope: Construct, id: string, logGroup: logs.ILogGroup, description: string): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description,
  });
  logGroup.grantWrite(role);
  return role;
}

function logRetention(scope: Construct): logs.RetentionDays {
  const days = scope.node.tryGetContext(LOG_RETENTION_CONTEXT);
  if (days === undefined) return logs.RetentionDays.ONE_MONTH;
  const allowed = Object.values(logs.RetentionDays).filter((value) => typeof value === 'number');
  // On the command line, all context is text.
  const retention = allowed.find((value) => `${value}` === `${days}`);
  new Validation(scope.node.path)
    .check(
      `context "${LOG_RETENTION_CONTEXT}"`,
      days,
      retention !== undefined,
      `be a number of days that CloudWatch Logs knows (${allowed.join(', ')}; the last one means forever)`,
    )
    .throwIfInvalid();
  return retention ?? logs.RetentionDays.ONE_MONTH;
}

export const PINNED_RUNTIME: ExplainedFinding = {
  rule: 'AwsSolutions-L1',
  reason:
    'cdk-settled pins the runtime with which its handlers are tested; the others run code of the CDK, which chooses.',
};
