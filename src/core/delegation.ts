import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { DelegatedPermissions, type ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { known } from './place';
import { Realm } from './realm';
import type { LastingPermissions, SettledService } from './settled-provider';
import { Validation } from './validation';

/** What it takes to manage something, in whichever account that is done. */
export interface Requirement {
  readonly service: SettledService;
  /** The handler's map is keyed by it. Undefined for what other functions of the service do. */
  readonly resourceType?: `Custom::Settled${string}`;
  /** What the handler needs to create and update this resource, beside the standing permissions of the service. */
  readonly permissions?: (realm: Realm) => iam.PolicyStatement[];
  /** What it needs until this resource is deleted. */
  readonly lastingPermissions?: LastingPermissions;
}

/** What a role needs to manage something that stands in this app. What is required later counts, too. */
export function requiredBy(
  scope: IConstruct,
  service: SettledService,
  assumeRole: RoleAssumption | undefined,
  requirements: () => readonly Requirement[],
): DelegatedPermissions {
  const stack = Stack.of(scope);
  const stackName = nameForRoles(stack);
  const realm = Realm.managedFrom({ stackName, region: assumeRole?.region ?? known(stack.region) });
  return DelegatedPermissions._of(
    { account: known(stack.account), stackName, service: service.id },
    () => statementsFor(realm, service, requirements()),
    { path: scope.node.path, assumption: assumeRole },
  );
}

/** The same for a stack of another app, which is known by its names. */
export function requiredFrom(
  manager: ManagingStack,
  ...requirements: [Requirement, ...Requirement[]]
): DelegatedPermissions {
  const { account, stackName } = manager;
  new Validation('sts.ManagingStack')
    .pattern('account', account, /^\d{12}$/, 'be the id of an account, 12 digits')
    .pattern('stackName', stackName, STACK_NAME, 'be the name of a stack (of nested ones: that of their root and "-*")')
    .length('stackName', stackName, 1, 128)
    .throwIfInvalid();
  const [{ service }] = requirements;
  return DelegatedPermissions._of({ account, stackName, service: service.id }, () =>
    statementsFor(Realm.managedFrom(manager), service, requirements),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[a-zA-Z][a-zA-Z0-9-]*(-\*)?$/;

/** Each statement once. */
function statementsFor(
  realm: Realm,
  service: SettledService,
  requirements: readonly Requirement[],
): iam.PolicyStatement[] {
  const types = new Set(requirements.flatMap(({ resourceType }) => resourceType ?? []));
  const own = requirements.flatMap(({ permissions, lastingPermissions }) => [
    ...(permissions?.(realm) ?? []),
    ...(lastingPermissions?.statements(realm) ?? []),
  ]);
  const all = [...service.permissions(realm, types), ...own];
  return [...new Map(all.map((statement) => [JSON.stringify(statement.toStatementJson()), statement])).values()];
}

/** CloudFormation makes the names of nested stacks, which begin with that of their root. */
function nameForRoles(stack: Stack): string {
  if (stack.nestedStackParent === undefined) return stack.stackName;
  let root = stack.nestedStackParent;
  while (root.nestedStackParent !== undefined) root = root.nestedStackParent;
  return `${root.stackName}-*`;
}
