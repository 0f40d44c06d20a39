import { perform } from '../../endpoint/performance';
import { anonymous } from '../../endpoint/unsigned';
import type { Iam } from '../../iam/iam';
import { type Call, type Document, type Operation, type Service, ServiceError } from '../service';
import type { CognitoIdentityService } from './cognito-identity-service';
import { type CognitoIdentityState, existingPool, type IdentityPool, type PoolPlace } from './identity-pools';
import { OpenIdTokens } from './open-id-tokens';

export interface GuestTools {
  readonly iam: Iam;
  /** Cognito gets credentials for guests as they could themselves, in the classic flow: by AssumeRoleWithWebIdentity. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever STS remembers
  readonly sts: Service<any>;
}

/**
 * What the browser of a guest calls, without credentials of any kind. Nobody signs in here.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
export function guestOperations(service: CognitoIdentityService, tools: GuestTools) {
  const flow = new GuestFlow(service, tools);
  const open = (idOf: (input: Document) => string, handle: Operation<CognitoIdentityState>['handle']) => ({
    unsigned: (input: Document) => service.owners.get(idOf(input))?.accountId ?? '',
    unsignedRegion: (input: Document) => String(idOf(input)).split(':')[0]!,
    permissions: () => [],
    handle,
  });
  const identity = ({ IdentityId }: Document): string => IdentityId;
  return {
    GetId: open(
      ({ IdentityPoolId }) => IdentityPoolId,
      (input, _state, call) => flow.id(input, call),
    ),
    GetOpenIdToken: open(identity, (input, _state, call) => flow.openIdToken(input, call)),
    GetCredentialsForIdentity: open(identity, (input, _state, call) => flow.credentials(input, call)),
  } satisfies Record<string, Operation<CognitoIdentityState>>;
}

interface Guest {
  readonly id: string;
  readonly pool: IdentityPool;
  readonly place: PoolPlace;
}

class GuestFlow {
  private readonly tokens: OpenIdTokens;

  constructor(
    private readonly service: CognitoIdentityService,
    private readonly tools: GuestTools,
  ) {
    this.tokens = new OpenIdTokens(tools.iam);
  }

  /** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
  id(input: Document, { world }: Call): Document {
    const poolId = input.IdentityPoolId;
    const place = this.service.owners.get(poolId);
    if (place === undefined) throw notFound(`IdentityPool '${poolId}' not found.`);
    const state = world.state(this.service, place.accountId, place.region);
    checkGuestsWelcome(existingPool(state, poolId), input);
    const IdentityId = `${place.region}:${world.random.uuid()}`;
    state.guests.set(IdentityId, poolId);
    this.service.owners.set(IdentityId, place);
    return { IdentityId };
  }

  /** The classic flow. Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
  openIdToken(input: Document, call: Call): Document {
    const guest = this.guest(input, call);
    if (guest.pool.allowClassicFlow !== true) {
      throw new ServiceError(
        'InvalidParameterException',
        'Basic (classic) flow is not enabled, please use enhanced flow.',
      );
    }
    return { IdentityId: guest.id, Token: this.token(guest, call) };
  }

  /**
   * The enhanced flow: Cognito assumes the pool's role in the name of the guest.
   * Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
   */
  async credentials(input: Document, call: Call): Promise<Document> {
    const guest = this.guest(input, call);
    if (input.CustomRoleArn !== undefined) {
      throw new Error('the sandbox knows no CustomRoleArn, which those who have signed in can ask for');
    }
    const { output } = await perform(
      this.tools.sts,
      'AssumeRoleWithWebIdentity',
      {
        RoleArn: guest.pool.roles.unauthenticated,
        RoleSessionName: 'CognitoIdentityCredentials',
        WebIdentityToken: this.token(guest, call),
        Policy: JSON.stringify(SCOPE_OF_GUESTS),
      },
      { ...call, ...guest.place, principal: anonymous(guest.place.accountId) },
      this.tools.iam,
    );
    if (output === undefined) {
      throw new ServiceError(
        'InvalidIdentityPoolConfigurationException',
        'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
      );
    }
    const { SecretAccessKey: SecretKey, ...credentials } = output.Credentials;
    return { IdentityId: guest.id, Credentials: { ...credentials, SecretKey } };
  }

  private guest(input: Document, { world }: Call): Guest {
    const id = input.IdentityId;
    const place = this.service.owners.get(id);
    const state = place && world.state(this.service, place.accountId, place.region);
    const pool = state?.pools.get(state.guests.get(id) ?? '');
    if (place === undefined || pool === undefined) throw notFound(`Identity '${id}' not found.`);
    checkGuestsWelcome(pool, input);
    return { id, pool, place };
  }

  private token({ id, pool, place }: Guest, { world }: Call): string {
    return this.tokens.forGuest(id, pool.id, { ...place, world });
  }
}

/**
 * What guests can do at most with credentials of the enhanced flow: of the list of services, what there is in the sandbox.
 * Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html,
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonCognitoUnAuthedIdentitiesSessionPolicy.html
 */
const SCOPE_OF_GUESTS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['rum:PutRumEvents'], Resource: '*' }],
};

function checkGuestsWelcome({ allowUnauthenticated }: IdentityPool, { Logins }: Document): void {
  if (Object.keys(Logins ?? {}).length > 0) {
    throw new Error('the sandbox knows guests of an identity pool only: call without Logins');
  }
  if (allowUnauthenticated) return;
  throw new ServiceError('NotAuthorizedException', 'Unauthenticated access is not supported for this identity pool.');
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}
