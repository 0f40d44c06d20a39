import { perform } from '../../endpoint/performance';
import { authorize } from '../../iam/authorization';
import type { Credentials } from '../../iam/credentials';
import type { Iam } from '../../iam/iam';
import type { Permission, Principal } from '../../iam/principal';
import { evaluateTrust } from '../../iam/trust';
import { type Document, type Service, ServiceError, type World } from '../service';
import { invalidInput } from './errors';

/** A project's role, with which CodeBuild does all that a build needs. It counts as it is at the moment of each question. */
export class ServiceRole {
  private session?: { readonly roleId: string; readonly principal: Principal };

  constructor(
    private readonly tools: { readonly iam: Iam; readonly credentials: Credentials; readonly world: World },
    private readonly place: { readonly accountId: string; readonly region: string },
    readonly arn: string,
    private readonly sessionName: string,
  ) {}

  /** Throws unless the role exists and lets CodeBuild assume it. */
  check(): void {
    const role = this.tools.iam.role(this.arn);
    const trusted =
      role !== undefined &&
      evaluateTrust(role, { service: 'codebuild.amazonaws.com' }, 'sts:AssumeRole', {
        'aws:SourceAccount': this.place.accountId,
      }) === 'allowed';
    if (!trusted) throw invalidInput(`CodeBuild is not authorized to perform: sts:AssumeRole on ${this.arn}`);
  }

  /** Why the role may not do this; undefined when it may. */
  refusal(permission: Permission): string | undefined {
    const principal = this.principal();
    if (principal === undefined) return `the role ${this.arn} does not exist`;
    const environment = { 'aws:RequestedRegion': this.place.region, 'aws:CurrentTime': this.tools.world.clock.iso() };
    const { decision, message } = authorize(this.tools.iam, principal, permission, environment);
    return decision === 'allowed' ? undefined : message;
  }

  /** Calls another service of the sandbox as the role, at this instant. Throws the error that it answers. */
  async call<State>(service: Service<State>, operation: string, input: Document): Promise<Document> {
    const { world, iam } = this.tools;
    const principal = this.principal();
    if (principal === undefined) throw new ServiceError('AccessDenied', `the role ${this.arn} does not exist`);
    const call = { world, principal, ...this.place, requestId: world.random.uuid() };
    const { output, error } = await perform(service, operation, input, call, iam);
    if (error !== undefined) throw error;
    return output;
  }

  /** One session, for as long as the role is the same. */
  private principal(): Principal | undefined {
    const { iam, credentials } = this.tools;
    const role = iam.role(this.arn);
    if (role === undefined) return undefined;
    if (this.session?.roleId !== role.roleId) {
      const { accessKeyId } = credentials.forRole(role, this.sessionName);
      this.session = { roleId: role.roleId, principal: credentials.find(accessKeyId)!.principal };
    }
    return this.session.principal;
  }
}
