import type { ResourceDefinition, Template } from '../template';
import { TemplateError } from '../template-error';
import { cognitoIdentityPool } from './cognito-identity-pool';
import { cognitoRoleAttachment } from './cognito-role-attachment';
import { customResource } from './custom-resource';
import { failing } from './failing';
import { iamManagedPolicy } from './iam-managed-policy';
import { iamPolicy } from './iam-policy';
import { iamRole } from './iam-role';
import { lambdaFunction } from './lambda-function';
import { recordTypes } from './records';
import type { ResourceType } from './resource-type';
import { stateMachine } from './step-functions-state-machine';

const TYPES = new Map(
  [
    cognitoIdentityPool,
    cognitoRoleAttachment,
    customResource,
    failing,
    iamManagedPolicy,
    iamPolicy,
    iamRole,
    lambdaFunction,
    stateMachine,
    ...recordTypes,
  ].map((type): [string, ResourceType] => [type.name, type]),
);

/** The resource type of this name. */
export function resourceType(name: string): ResourceType {
  const type = name.startsWith('Custom::') ? customResource : TYPES.get(name);
  if (type !== undefined) return type;
  const known = [...TYPES.keys()].sort().join(', ');
  throw new TemplateError(`Template format error: Unrecognized resource types: [${name}]; the sandbox knows ${known}`);
}

/** Throws when the template has a resource type or a property that the sandbox does not know, or lacks a required one. */
export function checkResourceTypes(template: Template): void {
  for (const resource of template.resources.values()) checkProperties(resource, resourceType(resource.type));
}

function checkProperties(resource: ResourceDefinition, type: ResourceType): void {
  const path = `Resources.${resource.logicalId}.Properties`;
  const given = Object.keys(resource.properties);
  const missing = (type.required ?? []).filter((key) => !given.includes(key));
  if (missing.length > 0) throw new TemplateError(`${path}: ${resource.type} needs ${missing.join(', ')}`);
  if (type.properties === 'any') return;
  const { properties } = type;
  const unknown = given.filter((key) => !properties.includes(key));
  if (unknown.length > 0) {
    throw new TemplateError(
      `${path}: the sandbox does not know ${unknown.join(', ')} of ${resource.type}; it knows ${properties.join(', ')}`,
    );
  }
}
