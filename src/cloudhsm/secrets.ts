import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** With the suffix that Secrets Manager adds, where it is known; the service finds a secret without it too. */
export function secretArnOf(secret: secretsmanager.ISecret): string {
  return secret.secretFullArn ?? secret.secretArn;
}

/** A policy must name the suffix, or leave room for its six characters. */
function secretArnForPolicies(secret: secretsmanager.ISecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}

/** To read a secret in a region, and to use the key of its own that it may have. */
export function readingSecret(region: string, secret: secretsmanager.ISecret): iam.PolicyStatement[] {
  const reading = new iam.PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secretArnForPolicies(secret)],
  });
  const { encryptionKey } = secret;
  if (encryptionKey === undefined) return [reading];
  const decrypting = new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
  });
  return [reading, decrypting];
}
