import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as cr from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { RoleAssumption } from '../sts/role-assumption';

/** Between two looks at a resource that is not settled yet. */
export const QUERY_INTERVAL = Duration.seconds(5);
/**
 * The time that a resource has to settle. CloudFormation gives up after one hour at the most, and each look takes some
 * time beyond the interval.
 */
export const TOTAL_TIMEOUT = Duration.minutes(50);

/** One service of the library: what its provider is called and what runs in it. */
export interface SettledService {
  /** Part of construct ids: changing it replaces the provider. */
  readonly id: string;
  readonly handlerClass: new (scope: Construct, id: string, props: lambda.FunctionOptions) => lambda.Function;
  /** Permissions that all resources of the service need, whatever their properties. */
  readonly permissions: (stack: Stack) => iam.PolicyStatement[];
}

/** The Lambda functions and the waiter behind all resources of one service in one stack. */
export class SettledProvider extends Construct {
  static getOrCreate(scope: Construct, service: SettledService): SettledProvider {
    const stack = Stack.of(scope);
    const id = `CdkSettled${service.id}Provider`;
    const existing = stack.node.tryFindChild(id);
    return existing instanceof SettledProvider ? existing : new SettledProvider(stack, id, service);
  }

  readonly serviceToken: string;
  /** The role that makes the calls. */
  readonly role: iam.Role;
  private readonly service: SettledService;
  private permissionsGranted = false;

  private constructor(scope: Construct, id: string, service: SettledService) {
    super(scope, id);
    this.service = service;
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logRetention(this),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const lambdaRole = (roleId: string, description: string): iam.Role => {
      const role = new iam.Role(this, roleId, {
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
        description,
      });
      logGroup.grantWrite(role);
      return role;
    };
    this.role = lambdaRole('Role', `cdk-settled: makes the API calls for ${service.id} resources`);
    this.role.addToPolicy(readingOwnStack());
    const handler = new service.handlerClass(this, 'Handler', {
      role: this.role,
      logGroup,
      timeout: Duration.minutes(5),
      memorySize: 256,
      environment: {
        SETTLED_INTERVAL_SECONDS: `${QUERY_INTERVAL.toSeconds()}`,
        SETTLED_TIMEOUT_SECONDS: `${TOTAL_TIMEOUT.toSeconds()}`,
      },
    });
    const framework = new cr.Provider(this, 'Framework', {
      onEventHandler: handler,
      isCompleteHandler: handler,
      queryInterval: QUERY_INTERVAL,
      totalTimeout: TOTAL_TIMEOUT,
      logGroup,
      frameworkOnEventRole: lambdaRole('OnEventRole', 'cdk-settled: receives requests of CloudFormation'),
      frameworkCompleteAndTimeoutRole: lambdaRole('CompleteRole', 'cdk-settled: waits until resources have settled'),
    });
    this.serviceToken = framework.serviceToken;
  }

  /** Lets the handler make the calls that a resource in the stack's own account needs. */
  allow(statements: iam.PolicyStatement[]): void {
    const standing = this.permissionsGranted ? [] : this.service.permissions(Stack.of(this));
    this.permissionsGranted = true;
    for (const statement of [...standing, ...statements]) this.role.addToPolicy(statement);
  }

  /**
   * Permissions in a policy of their own, on which a resource depends. CloudFormation updates policies before it deletes
   * what has left the template: a statement of the common policy would be gone when it is needed for that delete.
   */
  allowLasting({ id, statements }: LastingPermissions): Construct {
    const existing = this.node.tryFindChild(id);
    return (existing as iam.Policy | undefined) ?? new iam.Policy(this, id, { roles: [this.role], statements });
  }

  /** Lets the handler assume a role, until the last resource that is managed through it is deleted. */
  allowAssuming(assumption: RoleAssumption): Construct {
    return this.allowLasting({
      id: `Assume${assumption._roleKey(this)}`,
      statements: [assumption._permission()],
    });
  }
}

export interface LastingPermissions {
  /** Construct id, the same for the same permissions. */
  readonly id: string;
  readonly statements: iam.PolicyStatement[];
}

/** For the question whether a run is still wanted, which is asked before each mutating call. */
function readingOwnStack(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'],
    resources: [Aws.STACK_ID],
  });
}

const LOG_RETENTION_CONTEXT = 'cdk-settled:logRetentionDays';

function logRetention(scope: Construct): logs.RetentionDays {
  const days = scope.node.tryGetContext(LOG_RETENTION_CONTEXT);
  return days === undefined ? logs.RetentionDays.ONE_MONTH : Number(days);
}
