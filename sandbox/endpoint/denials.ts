import type { Verdict } from '../iam/authorization';
import type { ServiceModel } from '../model/model';

/**
 * Whether a refusal carries an encoded message. Only errors of EC2's kind are known to, and of its operations not those
 * that describe.
 */
export function encodesDenials({ protocol }: ServiceModel, operation: string): boolean {
  return protocol === 'ec2-query' && !operation.startsWith('Describe');
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, `UnauthorizedOperation` */
export function denialMessage({ message }: Verdict, encoded: string | undefined): string {
  if (encoded === undefined) return message;
  return (
    `You are not authorized to perform this operation. ${message}. ` +
    `Encoded authorization failure message: ${encoded}`
  );
}
