import { Aspects, Aws, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as cr from 'aws-cdk-lib/custom-resources';
import { Construct, type IConstruct } from 'constructs';
import type { RoleAssumption } from '../sts/role-assumption';
import { explainsDenials } from './explained-denials';
import { handlerLogs, handlerRole, PINNED_RUNTIME } from './handler';
import { type ExplainedFinding, explainFindings } from './nag';
import { markAsProvider } from './provider-tag';
import { Realm } from './realm';

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
  /**
   * Permissions that all resources of the service need, whatever their properties. They stay even if all resources are
   * managed in other accounts: CloudFormation deletes the last one of this account after it has updated the policy.
   *
   * With resource types, only what those need, for a role through which nothing else is managed.
   */
  readonly permissions: (realm: Realm, resourceTypes?: ReadonlySet<string>) => iam.PolicyStatement[];
  /** Why the permissions are as wide as they are, for those who check their stacks with cdk-nag. */
  readonly explainedFindings: readonly ExplainedFinding[];
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
  private readonly handler: lambda.Function;
  private explainsDenials = false;

  private constructor(scope: Construct, id: string, service: SettledService) {
    super(scope, id);
    const logGroup = handlerLogs(this);
    const lambdaRole = (roleId: string, description: string): iam.Role =>
      handlerRole(this, roleId, logGroup, description);
    this.role = lambdaRole('Role', `cdk-settled: makes the API calls for ${service.id} resources`);
    // Always: with the last resource that is managed elsewhere the tag would go before that resource is deleted there.
    markAsProvider(this.role, service.id);
    this.allow((realm) => [readingOwnStack(), ...service.permissions(realm)]);
    this.handler = new service.handlerClass(this, 'Handler', {
      role: this.role,
      logGroup,
      timeout: Duration.minutes(5),
      memorySize: 256,
      environment: {
        SETTLED_INTERVAL_SECONDS: `${QUERY_INTERVAL.toSeconds()}`,
        SETTLED_TIMEOUT_SECONDS: `${TOTAL_TIMEOUT.toSeconds()}`,
      },
    });
    const onEventRole = lambdaRole('OnEventRole', 'cdk-settled: receives requests of CloudFormation');
    const completeRole = lambdaRole('CompleteRole', 'cdk-settled: waits until resources have settled');
    const framework = new cr.Provider(this, 'Framework', {
      onEventHandler: this.handler,
      isCompleteHandler: this.handler,
      queryInterval: QUERY_INTERVAL,
      totalTimeout: TOTAL_TIMEOUT,
      logGroup,
      frameworkOnEventRole: onEventRole,
      frameworkCompleteAndTimeoutRole: completeRole,
    });
    this.serviceToken = framework.serviceToken;
    explainFindings(this, 'AWS::Lambda::Function', [PINNED_RUNTIME]);
    explainFindings(this, 'AWS::StepFunctions::StateMachine', WAITER_WITHOUT_RECORDS);
    for (const scope of [onEventRole, completeRole, framework]) {
      explainFindings(scope, 'AWS::IAM::Policy', [ALL_VERSIONS]);
    }
    explainFindings(this.role, 'AWS::IAM::Policy', service.explainedFindings);
    // Not now: the wish may be said later.
    Aspects.of(this).add({ visit: (node) => this.beforeSynthesis(node) });
  }

  /** Lets the handler make the calls that a resource in the stack's own account needs. */
  allow(statements: (realm: Realm) => iam.PolicyStatement[]): void {
    for (const statement of statements(this.realm)) this.role.addToPolicy(statement);
  }

  /**
   * Permissions in a policy of their own, on which a resource depends. CloudFormation updates policies before it deletes
   * what has left the template: a statement of the common policy would be gone when it is needed for that delete.
   */
  allowLasting({ id, statements, explainedFindings = [] }: LastingPermissions): Construct {
    const existing = this.node.tryFindChild(id);
    if (existing !== undefined) return existing as iam.Policy;
    const policy = new iam.Policy(this, id, { roles: [this.role], statements: statements(this.realm) });
    explainFindings(policy, 'AWS::IAM::Policy', explainedFindings);
    return policy;
  }

  /** Lets the handler assume a role, until the last resource that is managed through it is deleted. */
  allowAssuming(assumption: RoleAssumption): Construct {
    return this.allowLasting({
      id: `Assume${assumption._permissionKey(this)}`,
      statements: () => [assumption._permission()],
    });
  }

  /** Aspects run more than once. */
  private beforeSynthesis(node: IConstruct): void {
    if (node !== this || this.explainsDenials || !explainsDenials(this)) return;
    this.explainsDenials = true;
    // Read by `src/runtime/denial-observer.ts`.
    this.handler.addEnvironment('SETTLED_EXPLAIN_DENIALS', '1');
    // "*": it has no resource-level permissions.
    this.allow(() => [new iam.PolicyStatement({ actions: ['sts:DecodeAuthorizationMessage'], resources: ['*'] })]);
    explainFindings(this.role, 'AWS::IAM::Policy', [DECODING]);
  }

  private get realm(): Realm {
    return Realm.ofStack(Stack.of(this));
  }
}

export interface LastingPermissions {
  /** Construct id, the same for the same permissions. */
  readonly id: string;
  readonly statements: (realm: Realm) => iam.PolicyStatement[];
  readonly explainedFindings?: readonly ExplainedFinding[];
}

/** For the question whether a run is still wanted, which is asked before each mutating call. */
function readingOwnStack(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'],
    resources: [Aws.STACK_ID],
  });
}

const DECODING: ExplainedFinding = {
  rule: 'AwsSolutions-IAM5',
  reason: 'Decoding authorization messages has no resource-level permissions; Denials.explain() asked for it.',
  finding: /^Resource::\*$/,
};

const WAITER_WITHOUT_RECORDS: ExplainedFinding[] = [
  {
    rule: 'AwsSolutions-SF1',
    reason:
      'The waiter only repeats calls of a function, which writes its own log; its input holds the response address.',
  },
  {
    rule: 'AwsSolutions-SF2',
    reason: 'The waiter only repeats calls of a function during deployments; there is nothing to trace.',
  },
];

const ALL_VERSIONS: ExplainedFinding = {
  rule: 'AwsSolutions-IAM5',
  reason: 'The CDK provider framework lets its functions invoke each other in any version; no other function is meant.',
  finding: /^Resource::<\w+\.Arn>:\*$/,
};
