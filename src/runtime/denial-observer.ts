import { DecodeAuthorizationMessageCommand, type STSClient } from '@aws-sdk/client-sts';
import { AssumptionError } from './assumption-error';
import { readAuthorizationMessage, takeEncodedMessage } from './authorization-message';
import { asAwsError } from './aws-error';
import { type EncodedMessage, noteDenial } from './denial-notes';
import { classify } from './errors';

/** Where encoded messages are decoded: with the credentials of the call that was denied. */
export interface DenialObserver {
  readonly roleArn?: string;
  readonly sts: () => STSClient;
}

/**
 * Looks at the error of a call: of a denial it notes what `describeFailure` is to tell of it, and an encoded message is
 * taken out of it.
 */
export async function observeDenial(error: unknown, { roleArn, sts }: DenialObserver): Promise<void> {
  if (!(error instanceof Error) || error instanceof AssumptionError) return;
  const encoded = takeEncodedMessage(error);
  if (encoded === undefined && classify(error) !== 'denied') return;
  noteDenial(error, { roleArn, encoded: encoded === undefined ? undefined : await decode(encoded, sts) });
}

/** Never throws: the first error is the one to hear of. */
async function decode(EncodedMessage: string, sts: () => STSClient): Promise<EncodedMessage> {
  // Set by `Denials.explain` (`src/core/settled-provider.ts`).
  if (process.env.SETTLED_EXPLAIN_DENIALS !== '1') return { kind: 'not decoded' };
  try {
    const { DecodedMessage = '' } = await sts().send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));
    const denial = readAuthorizationMessage(DecodedMessage);
    return denial === undefined
      ? { kind: 'failed', reason: 'its content is not as AWS documents it' }
      : { kind: 'decoded', denial };
  } catch (error) {
    return classify(error) === 'denied' ? { kind: 'denied' } : { kind: 'failed', reason: asAwsError(error).name };
  }
}
