import type { Context } from '../iam/principal';
import { mfaAgeContext } from '../iam/principal-context';
import type { Call } from './service';

/** The condition keys that a request has whatever it asks for. `aws:ViaAWSService` stays absent: the caller calls itself. */
export function environmentOf({ world, region, principal }: Call): Context {
  return {
    'aws:RequestedRegion': region,
    'aws:CurrentTime': world.clock.iso(),
    'aws:EpochTime': String(Math.floor(world.clock.now() / 1000)),
    // The loopback stands for the TLS endpoint of AWS.
    'aws:SecureTransport': 'true',
    ...mfaAgeContext(principal, world.clock.now()),
  };
}
