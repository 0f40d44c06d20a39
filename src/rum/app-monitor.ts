import { ArnFormat, Aws, type IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { known, placeOf } from '../core/place';
import { Realm } from '../core/realm';
import { SettledResource } from '../core/settled-resource';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { tagProblems, validateAppMonitor } from './app-monitor-validation';
import { Authorization, type BoundAuthorization } from './authorization';
import { generatedMonitorArns, monitorRequirement } from './provider';
import { Platform, Telemetry } from './telemetry';
import type { WebClient, WebClientOptions } from './web-client';
import { DEFAULT_APPLICATION_VERSION, DEFAULT_CLIENT_VERSION, renderWebClient } from './web-client-snippets';

/** An app monitor of CloudWatch RUM. */
export interface IAppMonitor extends IResource {
  /**
   * Name of the app monitor.
   *
   * @attribute
   */
  readonly appMonitorName: string;

  /**
   * ARN of the app monitor.
   *
   * @attribute
   */
  readonly appMonitorArn: string;

  /** Lets an identity send events (`rum:PutRumEvents`). */
  grantPutEvents(grantee: iam.IGrantable): iam.Grant;

  /** Lets an identity read the configuration, the tags and the collected data. */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /** A metric of the `AWS/RUM` namespace for this app monitor. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of JavaScript errors. Sum over 5 minutes, unless given otherwise. */
  metricJsErrorCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of HTTP answers with a 4xx status. Sum over 5 minutes, unless given otherwise. */
  metricHttp4xxCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of HTTP answers with a 5xx status. Sum over 5 minutes, unless given otherwise. */
  metricHttp5xxCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of page views. Sum over 5 minutes, unless given otherwise. */
  metricPageViewCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of sessions. Sum over 5 minutes, unless given otherwise. */
  metricSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** What is known of an app monitor that was made elsewhere. */
export interface AppMonitorAttributes {
  /** Name of the app monitor. */
  readonly appMonitorName: string;

  /**
   * ARN of the app monitor, for one in another account or region.
   *
   * @default - in the account and region of the stack
   */
  readonly appMonitorArn?: string;
}

/** Properties of an app monitor. */
export interface AppMonitorProps {
  /**
   * Name of the app monitor: 1 to 255 letters, digits and `.-_#`, not beginning with a dot.
   *
   * A name that you give cannot be replaced in place, since the replacement is made before the old one is deleted: a
   * change that needs replacement then fails, unless the name changes too. Changing the name replaces the app monitor.
   *
   * @default - generated; it begins with the name of the stack
   */
  readonly appMonitorName?: string;

  /**
   * The domain for which you have administrative authority: a host name of at most 253 characters, with `*` at most as
   * its first or its last label, an IPv4 address or `localhost`. Give either this or `domainList`.
   *
   * Updated in place.
   *
   * @default - `domainList` is used
   */
  readonly domain?: string;

  /**
   * 1 to 5 such domains. Updated in place.
   *
   * @default - `domain` is used
   */
  readonly domainList?: string[];

  /**
   * The part of sessions to collect data of, from 0 to 1. Updated in place.
   *
   * @default 0.1
   */
  readonly sessionSampleRate?: number;

  /**
   * What to collect. Updated in place.
   *
   * @default - errors, performance and HTTP errors
   */
  readonly telemetries?: Telemetry[];

  /**
   * Whether the web client sets cookies, by which users and sessions are counted. Updated in place.
   *
   * @default false
   */
  readonly allowCookies?: boolean;

  /**
   * Whether to trace sampled sessions with AWS X-Ray. Updated in place.
   *
   * @default false
   */
  readonly enableXRay?: boolean;

  /**
   * URLs to collect data of: at most 50, of at most 1,260 characters. Excludes `excludedPages`. Updated in place.
   *
   * @default - all pages
   */
  readonly includedPages?: string[];

  /**
   * URLs not to collect data of: at most 50, of at most 1,260 characters. Excludes `includedPages`. Updated in place.
   *
   * @default - none
   */
  readonly excludedPages?: string[];

  /**
   * Pages that the CloudWatch console marks as favorites, at most 50. Updated in place.
   *
   * @default - none
   */
  readonly favoritePages?: string[];

  /**
   * Whether a copy of the data goes to CloudWatch Logs; otherwise it is gone after 30 days. Updated in place.
   *
   * RUM makes the log group at the first event, and it survives the app monitor.
   *
   * @default false
   */
  readonly cwLogEnabled?: boolean;

  /**
   * Whether applications may send events of their own kinds. Updated in place.
   *
   * @default false
   */
  readonly customEvents?: boolean;

  /**
   * The kind of application. A change replaces the app monitor.
   *
   * @default Platform.WEB
   */
  readonly platform?: Platform;

  /**
   * S3 URI of the source maps with which RUM makes JavaScript stack traces readable, at most 1,024 characters. The
   * bucket's policy must let `rum.amazonaws.com` read. Updated in place.
   *
   * @default - stack traces are shown as they come
   */
  readonly javaScriptSourceMaps?: string;

  /**
   * Who may send data. Updated in place, but taking an identity pool or a guest role of the classic flow away replaces
   * the app monitor, since RUM cannot clear them.
   *
   * @default Authorization.cognito(); Authorization.none() with `assumeRole`, since the pool belongs into the other account
   */
  readonly authorization?: Authorization;

  /**
   * Settings of the web client in the snippets of `webClient`. They change nothing in AWS.
   *
   * @default - the client and application versions that are documented there
   */
  readonly webClient?: WebClientOptions;

  /**
   * Tags, at most 47, since up to three are needed to recognize the app monitor. Keys have 1 to 128 letters, digits and
   * some of `+-=.,:;/_`, but no spaces; values at most 256 characters. `Tags.of(monitor).add()` works as well.
   *
   * Updated in place; tags that others set stay.
   *
   * @default - none but the stack's
   */
  readonly tags?: { [key: string]: string };

  /**
   * What becomes of the app monitor when it is no longer in the stack. What a failed deployment has made is removed in
   * any case.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the app monitor with this role, in another account or region. A change of either replaces the app monitor.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/** What the permissions on an app monitor depend on: its properties of these names. */
export interface AppMonitorPermissionsOptions {
  /**
   * Name of the app monitor, where one is given.
   *
   * @default - generated
   */
  readonly appMonitorName?: string;

  /**
   * Whether a copy of the data goes to CloudWatch Logs.
   *
   * @default false
   */
  readonly cwLogEnabled?: boolean;

  /**
   * Whether guests of an identity pool send data, which RUM then looks at.
   *
   * @default false
   */
  readonly identityPool?: boolean;

  /**
   * The role of guests in the classic flow, which is handed to RUM.
   *
   * @default - none: there is no pool, or it has the enhanced flow
   */
  readonly guestRole?: iam.IRole;
}

abstract class AppMonitorBase extends Resource implements IAppMonitor {
  abstract readonly appMonitorName: string;
  abstract readonly appMonitorArn: string;

  grantPutEvents(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['rum:PutRumEvents'],
      resourceArns: [this.appMonitorArn],
    });
  }

  grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['rum:GetAppMonitor', 'rum:GetAppMonitorData', 'rum:ListTagsForResource'],
      resourceArns: [this.appMonitorArn],
    });
  }

  metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/RUM',
      metricName,
      dimensionsMap: { application_name: this.appMonitorName },
      statistic: cloudwatch.Stats.SUM,
      // Not those of the stack: an imported monitor, or one that is managed with a role, can be elsewhere.
      account: known(this.env.account),
      region: known(this.env.region),
      ...options,
    });
  }

  metricJsErrorCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('JsErrorCount', options);
  }

  metricHttp4xxCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Http4xxCount', options);
  }

  metricHttp5xxCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Http5xxCount', options);
  }

  metricPageViewCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('PageViewCount', options);
  }

  metricSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('SessionCount', options);
  }
}

/**
 * An app monitor of CloudWatch RUM, ready to receive data when the deployment is complete.
 *
 * @resource AWS::RUM::AppMonitor
 */
export class AppMonitor extends AppMonitorBase implements IDelegable {
  /** An app monitor in the account and region of the stack, by its name. */
  static fromAppMonitorName(scope: Construct, id: string, appMonitorName: string): IAppMonitor {
    return AppMonitor.fromAppMonitorAttributes(scope, id, { appMonitorName });
  }

  /** An app monitor that was made elsewhere. */
  static fromAppMonitorAttributes(scope: Construct, id: string, attributes: AppMonitorAttributes): IAppMonitor {
    const appMonitorArn =
      attributes.appMonitorArn ??
      Stack.of(scope).formatArn({
        service: 'rum',
        resource: 'appmonitor',
        resourceName: attributes.appMonitorName,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
    class Import extends AppMonitorBase {
      readonly appMonitorName = attributes.appMonitorName;
      readonly appMonitorArn = appMonitorArn;
    }
    return new Import(scope, id, { environmentFromArn: appMonitorArn });
  }

  /** What a role needs so that a stack of another app can manage an app monitor through it. */
  static requiredPermissionsFor(
    manager: ManagingStack,
    options: AppMonitorPermissionsOptions = {},
  ): DelegatedPermissions {
    const { appMonitorName: name, cwLogEnabled: logs = false, identityPool = false, guestRole } = options;
    const requirement = monitorRequirement({ name, logs, identityPool, guestRole });
    return requiredFrom(manager, requirement);
  }

  /** Id of the Cognito identity pool whose guests send data; undefined without one. */
  readonly identityPoolId?: string;

  /** The role of guests; undefined where the library does not know it. */
  readonly guestRole?: iam.IRole;

  private readonly resource: SettledResource;
  private readonly renderSnippets: () => WebClient;
  private snippets?: WebClient;
  private importedLogGroup?: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: AppMonitorProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    validateAppMonitor(this.node.path, props);
    const elsewhere = props.assumeRole !== undefined;
    const authorization = (props.authorization ?? (elsewhere ? Authorization.none() : Authorization.cognito()))._bind(
      this,
      elsewhere,
    );

    this.resource = new SettledResource(this, 'Resource', {
      ...monitorRequirement({
        name: props.appMonitorName,
        logs: props.cwLogEnabled ?? false,
        identityPool: authorization.identityPoolId !== undefined,
        guestRole: authorization.classicFlow ? authorization.guestRole : undefined,
      }),
      properties: renderProperties(props, authorization),
      tags: props.tags,
      tagProblems,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      assumeRole: props.assumeRole,
    });

    this.identityPoolId = authorization.identityPoolId;
    this.guestRole = authorization.guestRole;
    this.renderSnippets = () => this.renderWebClient(props, authorization);
    this.grantGuests(props, authorization);
  }

  // Made when asked for: most apps ask for few of them, and together they take a fifth of the synthesis.
  get appMonitorName(): string {
    return this.resource.getAttString('Name');
  }

  get appMonitorArn(): string {
    return this.resource.getAttString('Arn');
  }

  /**
   * Id of the app monitor, a UUID, which the web client needs.
   *
   * @attribute
   */
  get appMonitorId(): string {
    return this.resource.getAttString('Id');
  }

  /**
   * State at the end of the last deployment that changed the app monitor: `CREATED` or `ACTIVE`; both are ready.
   *
   * @attribute
   */
  get appMonitorState(): string {
    return this.resource.getAttString('State');
  }

  /** What a role needs to manage the app monitor, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Where the data goes if `cwLogEnabled` is set. RUM makes it at the first event. */
  get logGroup(): logs.ILogGroup {
    this.importedLogGroup ??= logs.LogGroup.fromLogGroupName(
      this,
      'LogGroup',
      this.resource.getAttString('LogGroupName'),
    );
    return this.importedLogGroup;
  }

  /** Snippets for the pages of the application. */
  get webClient(): WebClient {
    this.snippets ??= this.renderSnippets();
    return this.snippets;
  }

  /** Sets what becomes of the app monitor when it is no longer in the stack, as the property `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  /** A role that is shared by many monitors gets one statement for all generated names, since policies are short. */
  private grantGuests(props: AppMonitorProps, { guestRole }: BoundAuthorization): void {
    if (guestRole === undefined) return;
    const shared =
      guestRole.node.scope !== this && props.appMonitorName === undefined && props.assumeRole === undefined;
    if (!shared) {
      this.grantPutEvents(guestRole);
      return;
    }
    const here = Stack.of(guestRole) === this.stack;
    iam.Grant.addToPrincipal({
      grantee: guestRole,
      actions: ['rum:PutRumEvents'],
      resourceArns: [generatedMonitorArns(Realm.ofStack(this.stack, here ? undefined : this.stack.stackName))],
    });
  }

  private renderWebClient(props: AppMonitorProps, authorization: BoundAuthorization): WebClient {
    return renderWebClient({
      appMonitorId: this.appMonitorId,
      region: props.assumeRole?.region ?? this.stack.region,
      urlSuffix: Aws.URL_SUFFIX,
      clientVersion: props.webClient?.clientVersion ?? DEFAULT_CLIENT_VERSION,
      applicationVersion: props.webClient?.applicationVersion ?? DEFAULT_APPLICATION_VERSION,
      sessionSampleRate: sampleRateOf(props),
      identityPoolId: authorization.identityPoolId,
      guestRoleArn: authorization.classicFlow ? authorization.guestRole?.roleArn : undefined,
      telemetries: telemetriesOf(props),
      allowCookies: props.allowCookies ?? false,
      enableXRay: props.enableXRay ?? false,
    });
  }
}

const DEFAULT_TELEMETRIES = [Telemetry.ERRORS, Telemetry.PERFORMANCE, Telemetry.HTTP];

function telemetriesOf(props: AppMonitorProps): string[] {
  return [...new Set(props.telemetries ?? DEFAULT_TELEMETRIES)];
}

function sampleRateOf(props: AppMonitorProps): number {
  return props.sessionSampleRate ?? 0.1;
}

/** What the handler reads (`app-monitor-configuration.runtime.ts`). */
function renderProperties(props: AppMonitorProps, authorization: BoundAuthorization): Record<string, unknown> {
  return {
    Name: props.appMonitorName,
    Domain: props.domain,
    DomainList: props.domainList,
    SessionSampleRate: sampleRateOf(props),
    Telemetries: telemetriesOf(props),
    AllowCookies: props.allowCookies ?? false,
    EnableXRay: props.enableXRay ?? false,
    IncludedPages: props.includedPages,
    ExcludedPages: props.excludedPages,
    FavoritePages: props.favoritePages,
    CwLogEnabled: props.cwLogEnabled ?? false,
    CustomEvents: props.customEvents ? 'ENABLED' : 'DISABLED',
    Platform: props.platform ?? Platform.WEB,
    JavaScriptSourceMaps: props.javaScriptSourceMaps,
    IdentityPoolId: authorization.identityPoolId,
    // RUM keeps the role for the classic flow only; it needs the permission to pass it.
    GuestRoleArn: authorization.classicFlow ? authorization.guestRole?.roleArn : undefined,
  };
}
