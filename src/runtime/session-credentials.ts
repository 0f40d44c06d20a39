import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from '@smithy/core';
import type { RoleSession } from './assumed-role';
import { AssumptionError } from './assumption-error';

type TemporaryCredentials = Parameters<typeof fromTemporaryCredentials>[0];
export type SessionCredentials = ReturnType<typeof fromTemporaryCredentials>;

/**
 * The credentials of a role's session. All who share the answer share the session: it is assumed once, again if that
 * fails, and again five minutes before it expires.
 */
export function sessionCredentials(
  session: RoleSession,
  stsConfiguration: (region: string) => TemporaryCredentials['clientConfig'],
): SessionCredentials {
  const assume = fromTemporaryCredentials({
    params: session.request,
    masterCredentials: session.via && sessionCredentials(session.via, stsConfiguration),
    clientConfig: stsConfiguration(session.stsRegion),
  });
  const told = async () => {
    try {
      return await assume();
    } catch (error) {
      throw error instanceof AssumptionError ? error : new AssumptionError(error, session);
    }
  };
  return memoizeIdentityProvider(told, isIdentityExpired, doesIdentityRequireRefresh) as SessionCredentials;
}
