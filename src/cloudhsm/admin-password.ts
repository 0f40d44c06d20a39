import type { RemovalPolicy } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { cleaningUpFailedCreations } from '../core/settled-resource';

/**
 * The longest that CloudHSM takes, of letters and digits: it cannot hold ":" or a quote, and no shell reads anything into it.
 * https://docs.aws.amazon.com/cloudhsm/latest/userguide/cloudhsm_cli-cluster-activate.html
 */
const PASSWORD_LENGTH = 32;

/** A secret with a new password of the first administrator. */
export function makePassword(scope: Construct, removalPolicy: RemovalPolicy): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, 'AdminPassword', {
    description: `Password of "admin" of the CloudHSM cluster ${scope.node.path}`.slice(0, 2048),
    generateSecretString: { passwordLength: PASSWORD_LENGTH, excludePunctuation: true, includeSpace: false },
    removalPolicy: cleaningUpFailedCreations(removalPolicy),
  });
  explainFindings(secret, 'AWS::SecretsManager::Secret', [
    {
      rule: 'AwsSolutions-SMG4',
      reason:
        'A new password must be set in the cluster by its administrator; changing the secret alone would lose it.',
    },
  ]);
  return secret;
}
