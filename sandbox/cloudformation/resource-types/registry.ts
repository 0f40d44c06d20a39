import type { ResourceDefinition, Template } from '../template';
import { TemplateError } from '../template-error';
import { cloudWatchAlarm } from './cloudwatch-alarm';
import { cloudWatchAnomalyDetector } from './cloudwatch-anomaly-detector';
import { cloudWatchCompositeAlarm } from './cloudwatch-composite-alarm';
import { cloudWatchDashboard } from './cloudwatch-dashboard';
import { codeBuildProject } from './codebuild-project';
import { cognitoIdentityPool } from './cognito-identity-pool';
import { cognitoRoleAttachment } from './cognito-role-attachment';
import { customResource } from './custom-resource';
import { ec2InternetGateway, ec2VpcGatewayAttachment } from './ec2-internet-gateway';
import { ec2Eip, ec2NatGateway } from './ec2-nat-gateway';
import { ec2Route } from './ec2-route';
import { ec2RouteTable, ec2SubnetRouteTableAssociation } from './ec2-route-table';
import { ec2SecurityGroup } from './ec2-security-group';
import { ec2SecurityGroupEgress, ec2SecurityGroupIngress } from './ec2-security-group-rule';
import { ec2Subnet } from './ec2-subnet';
import { ec2Vpc } from './ec2-vpc';
import { ec2VpcEndpoint } from './ec2-vpc-endpoint';
import { failing } from './failing';
import { iamAccessKey } from './iam-access-key';
import { iamGroup, iamUserToGroupAddition } from './iam-group';
import { iamManagedPolicy } from './iam-managed-policy';
import { iamOidcProvider } from './iam-oidc-provider';
import { iamPolicy } from './iam-policy';
import { iamRole } from './iam-role';
import { iamSamlProvider } from './iam-saml-provider';
import { iamUser } from './iam-user';
import { iamVirtualMfaDevice } from './iam-virtual-mfa-device';
import { kmsAlias, kmsKey } from './kms-key';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config';
import { lambdaFunction } from './lambda-function';
import { lambdaPermission } from './lambda-permission';
import { logGroup } from './logs-log-group';
import { macieSession } from './macie-session';
import { docDbCluster, rdsDbCluster } from './rds-db-cluster';
import { docDbInstance, rdsDbInstance } from './rds-db-instance';
import {
  docDbClusterParameterGroup,
  docDbSubnetGroup,
  rdsClusterParameterGroup,
  rdsParameterGroup,
  rdsSubnetGroup,
} from './rds-groups';
import { recordTypes } from './records';
import type { ResourceType } from './resource-type';
import { schedule } from './scheduler-schedule';
import { scheduleGroup } from './scheduler-schedule-group';
import { secret } from './secretsmanager-secret';
import { snsSubscription } from './sns-subscription';
import { snsTopic } from './sns-topic';
import { snsTopicPolicy } from './sns-topic-policy';
import { ssmParameter } from './ssm-parameter';
import { stateMachine } from './step-functions-state-machine';

const TYPES = new Map(
  [
    cloudWatchAlarm,
    cloudWatchAnomalyDetector,
    cloudWatchCompositeAlarm,
    cloudWatchDashboard,
    codeBuildProject,
    cognitoIdentityPool,
    cognitoRoleAttachment,
    customResource,
    docDbCluster,
    docDbClusterParameterGroup,
    docDbInstance,
    docDbSubnetGroup,
    ec2Eip,
    ec2InternetGateway,
    ec2NatGateway,
    ec2Route,
    ec2RouteTable,
    ec2SecurityGroup,
    ec2SecurityGroupEgress,
    ec2SecurityGroupIngress,
    ec2Subnet,
    ec2SubnetRouteTableAssociation,
    ec2Vpc,
    ec2VpcEndpoint,
    ec2VpcGatewayAttachment,
    failing,
    iamAccessKey,
    iamGroup,
    iamManagedPolicy,
    iamOidcProvider,
    iamPolicy,
    iamRole,
    iamSamlProvider,
    iamUser,
    iamUserToGroupAddition,
    iamVirtualMfaDevice,
    kmsAlias,
    kmsKey,
    lambdaEventInvokeConfig,
    lambdaFunction,
    lambdaPermission,
    logGroup,
    macieSession,
    rdsClusterParameterGroup,
    rdsDbCluster,
    rdsDbInstance,
    rdsParameterGroup,
    rdsSubnetGroup,
    schedule,
    scheduleGroup,
    secret,
    snsSubscription,
    snsTopic,
    snsTopicPolicy,
    ssmParameter,
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
