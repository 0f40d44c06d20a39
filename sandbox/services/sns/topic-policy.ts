import { ConditionContext } from '../../iam/pattern';
import type { PolicyDocument, Principal } from '../../iam/principal';
import { evaluateResourcePolicy, type Party } from '../../iam/trust';
import { notAuthorized } from './errors';
import type { Topic } from './state';

/** A service that publishes in its own name, for one of its resources. */
export interface ServicePublisher {
  /** Such as `cloudwatch.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/**
 * The policy of a topic. The one that it begins with lets the owner's account in, whose own policies then decide.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function policyOf(topic: Topic): PolicyDocument {
  const owner = { AWS: topic.accountId };
  const statement = { Effect: 'Allow', Principal: owner, Action: 'sns:*', Resource: topic.arn } as const;
  return topic.policy ?? { Version: '2008-10-17', Statement: statement };
}

/**
 * Lets a service in, or throws. As long as a topic has no policy of its own, services may publish for resources of its
 * account. A policy replaces that: one that only denies shuts CloudWatch out too.
 */
export function checkService(topic: Topic, publisher: ServicePublisher): void {
  const { service, sourceArn, sourceAccount } = publisher;
  if (topic.policy === undefined && sourceAccount === topic.accountId) return;
  const context = new ConditionContext({
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': sourceAccount,
    'aws:SourceOwner': sourceAccount,
    'aws:SecureTransport': 'true',
    'aws:PrincipalIsAWSService': 'true',
  });
  const request = { action: 'sns:Publish', resource: topic.arn, context };
  const decisions = [{ service }, everyone(publisher)].map((party: Party) => {
    return evaluateResourcePolicy({ document: policyOf(topic) }, party, request);
  });
  const denied = decisions.some(({ decision }) => decision === 'explicit-deny');
  if (denied || !decisions.some(({ named }) => named === 'role'))
    throw notAuthorized(service, 'SNS:Publish', topic.arn);
}

/** A statement for everyone is for services too. */
function everyone({ service, sourceAccount }: ServicePublisher): Principal {
  return { accountId: sourceAccount, arn: service, userId: service, accessKeyId: service };
}
