import { type Call, type Document, type Operation, ServiceError } from '../service';
import { checkCallingRegion } from './regions';
import type { StsOptions, StsState } from './sts-options';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
export function decodeAuthorizationMessage(options: StsOptions): Operation<StsState> {
  return {
    permissions: () => [{ action: 'sts:DecodeAuthorizationMessage', resource: '*' }],
    handle: (input, _state, call) => decode(input, call, options),
  };
}

function decode(input: Document, call: Call, options: StsOptions): Document {
  checkCallingRegion(options, call);
  const { principal, world } = call;
  const message = options.iam.messages.decode(input.EncodedMessage);
  const foreign = message?.accountId !== principal.accountId && options.decodesForeignMessages !== true;
  if (message === undefined || foreign) throw invalid('Message is not valid');
  const ageSeconds = (world.clock.now() - message.at) / 1000;
  if (ageSeconds > (options.messageSeconds ?? Number.POSITIVE_INFINITY)) throw invalid('Message has expired');
  return { DecodedMessage: message.text };
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidAuthorizationMessageException', message, 400);
}
