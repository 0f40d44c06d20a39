import type { World } from '../service';
import type { PoolPlace } from './identity-pools';

export function poolArn({ world, region, accountId }: PoolPlace & { readonly world: World }, id: string): string {
  return `arn:${world.partition}:cognito-identity:${region}:${accountId}:identitypool/${id}`;
}
