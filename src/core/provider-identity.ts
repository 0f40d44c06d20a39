import type { RoleAssumption } from '../sts/role-assumption';

/** Which functions assume a role: those of one service in one stack. */
export interface ProviderIdentity {
  /** Undefined where the stack has no account of its own at synthesis. */
  readonly account?: string;
  /** With a `*` for nested stacks, whose names CloudFormation makes. */
  readonly stackName: string;
  /** The id of the service, as in `SettledService`. */
  readonly service: string;
}

/** A construct of this app that is managed, and how. */
export interface ManagedConstruct {
  readonly path: string;
  readonly assumption?: RoleAssumption;
}

/**
 * The tag of the roles that assume others: `<stack name>/<service>`. Trust policies of delegated roles name it, since the
 * names of roles are made by CloudFormation.
 */
export const PROVIDER_TAG = 'cdk-settled:provider';

/** The value of that tag. */
export function providerTagOf({ stackName, service }: Pick<ProviderIdentity, 'stackName' | 'service'>): string {
  return `${stackName}/${service}`;
}
