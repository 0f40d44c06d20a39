import { ServiceError, type World } from '../service';
import type { CognitoIdentityService } from './cognito-identity-service';

/** The pools of all accounts and regions, for who makes them without calling the API: CloudFormation. */
export class IdentityPools {
  constructor(
    private readonly world: World,
    private readonly service: CognitoIdentityService,
  ) {}

  /** Makes a pool with an id such as `eu-central-1:8d6c…`. Names need not be unique. */
  createPool(place: PoolPlace, settings: PoolSettings): IdentityPool {
    const id = `${place.region}:${this.world.random.uuid()}`;
    this.service.owners.set(id, place);
    return this.store(place, { ...settings, id, roles: {} });
  }

  updatePool(place: PoolPlace, id: string, settings: Partial<PoolSettings>): void {
    this.store(place, { ...existingPool(this.state(place), id), ...settings });
  }

  /** Replaces the roles that the pool hands out, such as `{ unauthenticated: roleArn }`. */
  setRoles(place: PoolPlace, id: string, roles: Readonly<Record<string, string>>): void {
    this.store(place, { ...existingPool(this.state(place), id), roles });
  }

  deletePool(place: PoolPlace, id: string): void {
    existingPool(this.state(place), id);
    this.state(place).pools.delete(id);
    this.service.owners.delete(id);
  }

  pool(place: PoolPlace, id: string): IdentityPool | undefined {
    return this.state(place).pools.get(id);
  }

  private store(place: PoolPlace, pool: IdentityPool): IdentityPool {
    this.state(place).pools.set(pool.id, pool);
    return pool;
  }

  private state({ accountId, region }: PoolPlace): CognitoIdentityState {
    return this.world.state(this.service, accountId, region);
  }
}

/** What Cognito identity remembers in an account and region. */
export interface CognitoIdentityState {
  readonly pools: Map<string, IdentityPool>;
  /** Ids of pools by those of the guests that came to them. */
  readonly guests: Map<string, string>;
}

export interface PoolPlace {
  readonly accountId: string;
  readonly region: string;
}

export interface PoolSettings {
  readonly name: string;
  readonly allowUnauthenticated: boolean;
  readonly allowClassicFlow?: boolean;
}

export interface IdentityPool extends PoolSettings {
  readonly id: string;
  /** ARNs by the kind of identity: `authenticated`, `unauthenticated`. */
  readonly roles: Readonly<Record<string, string>>;
}

export function existingPool(state: CognitoIdentityState, id: string): IdentityPool {
  const pool = state.pools.get(id);
  if (pool === undefined) {
    throw new ServiceError('ResourceNotFoundException', `IdentityPool '${id}' not found.`, 400);
  }
  return pool;
}
