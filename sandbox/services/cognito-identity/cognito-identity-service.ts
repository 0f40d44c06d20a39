import type { Document, Operation, Service, World } from '../service';
import { type GuestTools, guestOperations } from './guests';
import {
  type CognitoIdentityState,
  existingPool,
  type IdentityPool,
  IdentityPools,
  type PoolPlace,
} from './identity-pools';
import { model } from './model';
import { poolArn } from './pool-arn';

/**
 * Amazon Cognito identity pools, as far as app monitors need them: what CloudFormation's AWS::Cognito::IdentityPool and
 * AWS::Cognito::IdentityPoolRoleAttachment make (through {@link pools}; the API that CloudFormation itself calls is not
 * modelled), DescribeIdentityPool, and what the browser of a guest calls.
 */
export class CognitoIdentityService implements Service<CognitoIdentityState> {
  readonly name = 'cognito-identity';
  readonly model = model;
  /** Where a pool or a guest is: browsers say no more than its id. */
  readonly owners = new Map<string, PoolPlace>();
  readonly operations: Readonly<Record<string, Operation<CognitoIdentityState>>>;

  constructor(tools: GuestTools) {
    this.operations = {
      DescribeIdentityPool: {
        permissions: (input, call) => [
          { action: 'cognito-identity:DescribeIdentityPool', resource: poolArn(call, input.IdentityPoolId) },
        ],
        handle: (input, state) => describe(existingPool(state, input.IdentityPoolId)),
      },
      ...guestOperations(this, tools),
    };
  }

  newState(): CognitoIdentityState {
    return { pools: new Map(), guests: new Map() };
  }

  inventory(state: CognitoIdentityState): readonly string[] {
    return [...state.pools.values()].map((pool) => `cognito identity pool ${pool.name}`);
  }

  /** To make and change pools without a call. */
  pools(world: World): IdentityPools {
    return new IdentityPools(world, this);
  }
}

function describe(pool: IdentityPool): Document {
  return {
    IdentityPoolId: pool.id,
    IdentityPoolName: pool.name,
    AllowUnauthenticatedIdentities: pool.allowUnauthenticated,
    ...(pool.allowClassicFlow === undefined ? {} : { AllowClassicFlow: pool.allowClassicFlow }),
  };
}
