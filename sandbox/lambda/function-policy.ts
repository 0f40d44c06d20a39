import { ConditionContext } from '../iam/pattern';
import type { PolicyDocument, PolicyStatement } from '../iam/principal';
import { evaluateResourcePolicy } from '../iam/trust';
import { ServiceError } from '../services/service';

/** What AddPermission takes. */
export interface FunctionPermission {
  readonly statementId: string;
  /** Such as `lambda:InvokeFunction`. */
  readonly action: string;
  /** A service, an account, an ARN or `*`. */
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly principalOrgId?: string;
}

/** A service that invokes a function in its own name, for one of its resources. */
export interface ServiceCaller {
  /** Such as `lambda.alarms.cloudwatch.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Throws what AddPermission answers to values that it does not take. */
export function checkPermission({ action, principal }: FunctionPermission): void {
  if (!ACTION.test(action)) throw invalid(`Action "${action}" must match ${ACTION.source}`);
  if (!PRINCIPAL.test(principal)) {
    throw invalid(`The provided principal was invalid. Please check the principal and try again: ${principal}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
const ACTION = /^(lambda:\*|lambda:[a-zA-Z]+|\*)$/;
const PRINCIPAL = /^(\*|\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:.+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/;

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

/** A function's resource policy. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
export function policyOf(functionArn: string, permissions: Iterable<FunctionPermission>): PolicyDocument {
  const Statement = [...permissions].map((permission) => statementOf(functionArn, permission));
  return { Version: '2012-10-17', Statement };
}

/** Whether the policy lets the service invoke the function. */
export function permitsService(policy: PolicyDocument, functionArn: string, caller: ServiceCaller): boolean {
  const { service, sourceArn, sourceAccount } = caller;
  const context = new ConditionContext({ 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount });
  const request = { action: INVOKE, resource: functionArn, context };
  return evaluateResourcePolicy({ document: policy }, { service }, request).decision === 'allowed';
}

export function notPermitted(functionArn: string, { service }: ServiceCaller): ServiceError {
  const message = `User: ${service} is not authorized to perform: ${INVOKE} on resource: ${functionArn} because no resource-based policy allows the ${INVOKE} action`;
  return new ServiceError('AccessDeniedException', message, 403);
}

const INVOKE = 'lambda:InvokeFunction';

function statementOf(functionArn: string, permission: FunctionPermission): PolicyStatement {
  const { statementId, action, sourceArn, sourceAccount, principalOrgId } = permission;
  const equals = {
    ...(sourceAccount !== undefined && { 'aws:SourceAccount': sourceAccount }),
    ...(principalOrgId !== undefined && { 'aws:PrincipalOrgID': principalOrgId }),
  };
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: principalOf(permission.principal, functionArn.split(':')[1]!),
    Action: action,
    Resource: functionArn,
    Condition: {
      ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
      ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    },
  };
}

function principalOf(principal: string, partition: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
