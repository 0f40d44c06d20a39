import { ServiceRole, type ServiceRoleTools } from '../service-role';
import { invalidInput } from './errors';

/** A project's role, with which CodeBuild does all that a build needs. */
export class ProjectRole extends ServiceRole {
  constructor(
    tools: ServiceRoleTools,
    place: { readonly accountId: string; readonly region: string },
    arn: string,
    sessionName: string,
  ) {
    super(tools, place, { arn, service: 'codebuild.amazonaws.com', sessionName });
  }

  /** Throws unless the role exists and lets CodeBuild assume it. */
  check(): void {
    if (!this.trusting) throw invalidInput(`CodeBuild is not authorized to perform: sts:AssumeRole on ${this.arn}`);
  }
}
