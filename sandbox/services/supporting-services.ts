import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import { AcmPcaService } from './acm-pca/acm-pca-service';
import type { PrivateAuthorities } from './acm-pca/authorities';
import type { AcmPcaOptions } from './acm-pca/options';
import { CodeBuildService } from './codebuild/codebuild-service';
import type { CodeBuildOptions } from './codebuild/options';
import type { BuildProjects } from './codebuild/projects';
import { Ec2Service, type Ec2Tools } from './ec2/ec2-service';
import type { KmsKeys } from './kms/keys';
import { KmsService } from './kms/kms-service';
import type { LogGroups } from './logs/log-groups';
import { LogsService } from './logs/logs-service';
import type { Secrets } from './secretsmanager/secrets';
import { SecretsManagerService } from './secretsmanager/secretsmanager-service';
import type { Service, World } from './service';
import type { Parameters } from './ssm/parameters';
import { SsmService } from './ssm/ssm-service';

export interface SupportingOptions {
  readonly codeBuild?: CodeBuildOptions;
  readonly acmPca?: AcmPcaOptions;
}

/** The services that are nobody's subject here but are touched by constructs, with what CloudFormation does in them. */
export class SupportingServices {
  readonly ec2 = new Ec2Service();
  readonly kms = new KmsService();
  readonly secretsManager = new SecretsManagerService();
  readonly acmPca: AcmPcaService;
  readonly codeBuild: CodeBuildService;
  readonly logs = new LogsService();
  readonly ssm = new SsmService();
  readonly tools: SupportingTools;
  /** To make authorities for a scenario. */
  readonly authorities: PrivateAuthorities;

  constructor(
    { world, iam, credentials }: { world: World; iam: Iam; credentials: Credentials },
    options: SupportingOptions = {},
  ) {
    const { secretsManager, ssm } = this;
    const ec2 = this.ec2.tools(world);
    const logGroups = this.logs.groups(world);
    this.acmPca = new AcmPcaService(options.acmPca);
    this.authorities = this.acmPca.authorities(world);
    this.codeBuild = new CodeBuildService(
      { world, iam, credentials, network: ec2.network, logGroups, secretsManager, ssm },
      options.codeBuild,
    );
    this.tools = {
      ec2,
      kms: this.kms.keys(world, iam),
      secrets: secretsManager.secrets(world),
      codeBuild: this.codeBuild.projects(),
      logGroups,
      parameters: ssm.parameters(world),
    };
  }

  get all(): readonly Service<unknown>[] {
    const { ec2, kms, secretsManager, acmPca, codeBuild, logs, ssm } = this;
    return [ec2, kms, secretsManager, acmPca, codeBuild, logs, ssm] as readonly Service<unknown>[];
  }
}

/** What CloudFormation does in these services without calling their APIs. */
export interface SupportingTools {
  readonly ec2: Ec2Tools;
  readonly kms: KmsKeys;
  readonly secrets: Secrets;
  readonly codeBuild: BuildProjects;
  readonly logGroups: LogGroups;
  readonly parameters: Parameters;
}
