import type { Call, Document, Operation, Service, World } from '../service';
import { type CognitoIdentityState, existingPool, type IdentityPool, IdentityPools } from './identity-pools';
import { model } from './model';

/**
 * Amazon Cognito identity pools, as far as app monitors need them: what CloudFormation's AWS::Cognito::IdentityPool and
 * AWS::Cognito::IdentityPoolRoleAttachment make (through {@link pools}; the API that CloudFormation itself calls is not
 * modelled), and DescribeIdentityPool. Nobody can get credentials from a pool.
 */
export class CognitoIdentityService implements Service<CognitoIdentityState> {
  readonly name = 'cognito-identity';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<CognitoIdentityState>>> = {
    DescribeIdentityPool: {
      permissions: (input, call) => [
        { action: 'cognito-identity:DescribeIdentityPool', resource: poolArn(call, input.IdentityPoolId) },
      ],
      handle: (input, state) => describe(existingPool(state, input.IdentityPoolId)),
    },
  };

  newState(): CognitoIdentityState {
    return { pools: new Map() };
  }

  inventory(state: CognitoIdentityState): readonly string[] {
    return [...state.pools.values()].map((pool) => `cognito identity pool ${pool.name}`);
  }

  /** To make and change pools without a call. */
  pools(world: World): IdentityPools {
    return new IdentityPools(world, this);
  }
}

function poolArn({ world, region, accountId }: Call, id: string): string {
  return `arn:${world.partition}:cognito-identity:${region}:${accountId}:identitypool/${id}`;
}

function describe(pool: IdentityPool): Document {
  return {
    IdentityPoolId: pool.id,
    IdentityPoolName: pool.name,
    AllowUnauthenticatedIdentities: pool.allowUnauthenticated,
    ...(pool.allowClassicFlow === undefined ? {} : { AllowClassicFlow: pool.allowClassicFlow }),
  };
}
