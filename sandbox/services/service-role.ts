import { perform } from '../endpoint/performance';
import { authorize } from '../iam/authorization';
import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Context, Permission, Principal } from '../iam/principal';
import { evaluateTrust } from '../iam/trust';
import { type Document, type Service, ServiceError, type World } from './service';

export interface ServiceRoleTools {
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly world: World;
}

export interface ServiceRoleOptions {
  readonly arn: string;
  /** The service that assumes it, such as `codebuild.amazonaws.com`. */
  readonly service: string;
  readonly sessionName: string;
  /** The resource for which the service assumes it: `aws:SourceArn` in the trust policy. */
  readonly sourceArn?: string;
  /** Calls with it do not move time. */
  readonly background?: boolean;
}

/** A role with which a service acts. It counts as it is at the moment of each question. */
export class ServiceRole {
  private session?: { readonly roleId: string; readonly principal: Principal };

  constructor(
    private readonly tools: ServiceRoleTools,
    private readonly place: { readonly accountId: string; readonly region: string },
    private readonly options: ServiceRoleOptions,
  ) {}

  get arn(): string {
    return this.options.arn;
  }

  /** Whether the role exists and lets the service assume it. */
  get trusting(): boolean {
    const { arn, service, sourceArn } = this.options;
    const role = this.tools.iam.role(arn);
    const context: Context = {
      'aws:SourceAccount': this.place.accountId,
      ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
    };
    return role !== undefined && evaluateTrust(role, { service }, 'sts:AssumeRole', context) === 'allowed';
  }

  /** Why the role may not do this; undefined when it may. */
  refusal(permission: Permission): string | undefined {
    const principal = this.principal();
    if (principal === undefined) return `the role ${this.options.arn} does not exist`;
    const environment = { 'aws:RequestedRegion': this.place.region, 'aws:CurrentTime': this.tools.world.clock.iso() };
    const { decision, message } = authorize(this.tools.iam, principal, permission, environment);
    return decision === 'allowed' ? undefined : message;
  }

  /** Calls another service of the sandbox as the role, at this instant. Throws the error that it answers. */
  async call<State>(service: Service<State>, operation: string, input: Document): Promise<Document> {
    const { world, iam } = this.tools;
    const { arn, background } = this.options;
    const principal = this.principal();
    if (principal === undefined) throw new ServiceError('AccessDenied', `the role ${arn} does not exist`);
    const call = { world, principal, ...this.place, requestId: world.random.uuid(), background };
    const { output, error } = await perform(service, operation, input, call, iam);
    if (error !== undefined) throw error;
    return output;
  }

  /** One session, for as long as the role is the same. */
  private principal(): Principal | undefined {
    const { iam, credentials } = this.tools;
    const { arn, sessionName } = this.options;
    const role = iam.role(arn);
    if (role === undefined) return undefined;
    if (this.session?.roleId !== role.roleId) {
      const { accessKeyId } = credentials.forRole(role, sessionName);
      this.session = { roleId: role.roleId, principal: credentials.find(accessKeyId)!.principal };
    }
    return this.session.principal;
  }
}
