import { authorize } from '../../iam/authorization';
import type { Iam } from '../../iam/iam';
import type { Permission } from '../../iam/principal';
import type { KmsKeys } from '../kms/keys';
import { keyState } from '../kms/state';
import type { DbInstance } from '../rds/state';
import { type Call, type Document, ServiceError } from '../service';
import { notAuthorized } from './errors';
import type { Sources } from './sources';

/** Who may look at a database, and whether there is something to look at. */
export class Access {
  constructor(
    private readonly sources: Sources,
    private readonly iam: Iam,
    private readonly keys: KmsKeys,
  ) {}

  /** The measured instance of a request. */
  instance(input: Document, call: Call): DbInstance {
    const { ServiceType, Identifier } = input;
    const instance = this.sources.enabled(call, ServiceType, Identifier, call.world.clock.now());
    if (instance === undefined) throw notAuthorized(Identifier, ServiceType);
    return instance;
  }

  /** As {@link instance}, for who asks before the request is known to be allowed. */
  find(input: Document, call: Call): DbInstance | undefined {
    return this.sources.enabled(call, input.ServiceType, input.Identifier, call.world.clock.now());
  }

  /**
   * What an action needs: the action itself with its dimensions, and where the data is encrypted with a customer's key,
   * the use of that. The refusal of the key is Performance Insights' own.
   */
  permissions(action: string, input: Document, call: Call, dimensions: readonly string[] = []): Permission[] {
    const own = this.own(action, input, call, dimensions);
    const key = this.find(input, call)?.performanceInsightsKeyArn;
    if (key === undefined || !this.allows(own, call)) return [own];
    const uses = this.keyUses(key, input.Identifier, call);
    const use = uses.find((candidate) => !this.allows(candidate, call));
    if (uses.length > 0 && use === undefined) return [own, ...uses];
    throw new ServiceError(
      this.sources.settings.keyError,
      use === undefined ? `The key ${key} cannot be used` : authorize(this.iam, call.principal, use).message,
    );
  }

  /** Of the dimensions, those that the caller may see with the action. */
  authorized(action: string, input: Document, call: Call, dimension: string): boolean {
    return this.allows(this.own(action, input, call, [dimension]), call);
  }

  /**
   * The ARN has `rds` whatever the service type is, as the policies in the guides of both services have it.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsperformanceinsights.html
   */
  own(action: string, input: Document, call: Call, dimensions: readonly string[] = []): Permission {
    const { world, region, accountId } = call;
    return {
      action: `pi:${action}`,
      resource: `arn:${world.partition}:pi:${region}:${accountId}:metrics/rds/${input.Identifier}`,
      context: { 'pi:Dimensions': [...new Set(dimensions)] },
    };
  }

  /**
   * What it takes to use a key; nothing where it cannot be used by anybody.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.access-control.cmk-policy.html
   */
  private keyUses(arn: string, resourceId: string, call: Call): Permission[] {
    const [, , , region = '', accountId = '', name = ''] = arn.split(':');
    const key = this.keys.state(accountId, region).keys.get(name.replace(/^key\//, ''));
    if (key === undefined || keyState(key, call.world.clock.now()) !== 'Enabled') return [];
    return ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      action,
      resource: key.arn,
      resourcePolicy: { document: key.policy, mandatory: true, principalIds: key.policyPrincipals },
      context: {
        'kms:CallerAccount': call.accountId,
        'kms:ViaService': `rds.${call.region}.amazonaws.com`,
        'kms:EncryptionContextKeys': ['aws:pi:service', 'aws:rds:db-id'],
        'kms:EncryptionContext:aws:pi:service': 'rds',
        'kms:EncryptionContext:aws:rds:db-id': resourceId,
        'kms:EncryptionContext:service': 'pi',
      },
    }));
  }

  private allows(permission: Permission, { principal, region }: Call): boolean {
    return authorize(this.iam, principal, permission, { 'aws:RequestedRegion': region }).decision === 'allowed';
  }
}
