import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import { AcmPcaService } from './acm-pca/acm-pca-service';
import type { PrivateAuthorities } from './acm-pca/authorities';
import type { AcmPcaOptions } from './acm-pca/options';
import { actionPort, type FunctionInvoker } from './cloudwatch/alarms/action-port';
import type { Alarms } from './cloudwatch/alarms/alarms';
import { CloudWatchService } from './cloudwatch/cloudwatch-service';
import type { CloudWatchOptions } from './cloudwatch/options';
import type { Visuals } from './cloudwatch/visuals';
import { CodeBuildService } from './codebuild/codebuild-service';
import type { CodeBuildOptions } from './codebuild/options';
import type { BuildProjects } from './codebuild/projects';
import { Ec2Service, type Ec2Tools } from './ec2/ec2-service';
import type { KmsKeys } from './kms/keys';
import { KmsService } from './kms/kms-service';
import type { LogGroups } from './logs/log-groups';
import { LogsService } from './logs/logs-service';
import type { PerformanceInsightsOptions } from './pi/options';
import { PerformanceInsightsService } from './pi/pi-service';
import type { Databases } from './rds/databases';
import type { RdsOptions } from './rds/options';
import { RdsService } from './rds/rds-service';
import type { Secrets } from './secretsmanager/secrets';
import { SecretsManagerService } from './secretsmanager/secretsmanager-service';
import type { Service, World } from './service';
import { SnsService } from './sns/sns-service';
import type { Topics } from './sns/topics';
import type { Parameters } from './ssm/parameters';
import { SsmService } from './ssm/ssm-service';

export interface SupportingOptions {
  readonly codeBuild?: CodeBuildOptions;
  readonly acmPca?: AcmPcaOptions;
  readonly rds?: RdsOptions;
  readonly cloudWatch?: CloudWatchOptions;
  readonly performanceInsights?: PerformanceInsightsOptions;
}

export interface SupportingPlugs {
  readonly world: World;
  readonly iam: Iam;
  readonly credentials: Credentials;
  /** Those that alarms may invoke. @default - there are none */
  readonly functions?: FunctionInvoker;
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
  readonly rds: RdsService;
  readonly sns = new SnsService();
  readonly cloudWatch: CloudWatchService;
  readonly performanceInsights: PerformanceInsightsService;
  readonly tools: SupportingTools;
  /** To make authorities for a scenario. */
  readonly authorities: PrivateAuthorities;

  constructor({ world, iam, credentials, functions }: SupportingPlugs, options: SupportingOptions = {}) {
    const { secretsManager, ssm } = this;
    this.rds = new RdsService(options.rds);
    const databases = this.rds.databases(world);
    const kms = this.kms.keys(world, iam);
    this.performanceInsights = new PerformanceInsightsService({ iam, databases, kms }, options.performanceInsights);
    const topics = this.sns.topics(world);
    this.cloudWatch = new CloudWatchService(options.cloudWatch, {
      computed: this.performanceInsights.computedMetrics(world),
      actions: actionPort(topics, functions),
    });
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
      kms,
      secrets: secretsManager.secrets(world),
      codeBuild: this.codeBuild.projects(),
      logGroups,
      parameters: ssm.parameters(world),
      databases,
      topics,
      alarms: this.cloudWatch.alarms(world),
      visuals: this.cloudWatch.visuals(world),
    };
  }

  get all(): readonly Service<unknown>[] {
    return [
      this.ec2,
      this.kms,
      this.secretsManager,
      this.acmPca,
      this.codeBuild,
      this.logs,
      this.ssm,
      this.rds,
      this.performanceInsights,
      this.sns,
      this.cloudWatch,
    ] as readonly Service<unknown>[];
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
  readonly databases: Databases;
  readonly topics: Topics;
  readonly alarms: Alarms;
  readonly visuals: Visuals;
}
