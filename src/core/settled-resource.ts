import { CfnResource, Duration, type ITaggableV2, RemovalPolicy, TagManager, TagType, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DelegatedPermissions, IDelegable } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { type Requirement, requiredBy } from './delegation';
import { SettledProvider } from './settled-provider';
import { Validation } from './validation';

export interface SettledResourceProps extends Requirement {
  readonly resourceType: `Custom::Settled${string}`;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** What is wrong with tags, which may also come by `Tags.of()` at any time before synthesis. */
  readonly tagProblems?: (tags: Readonly<Record<string, string>>) => string[];
  readonly removalPolicy: RemovalPolicy;
  readonly assumeRole?: RoleAssumption;
}

/** The most that CloudFormation waits: longer than the provider's own waiter, whose reason it so hears. */
const SERVICE_TIMEOUT = Duration.hours(1);

/**
 * The custom resource behind a construct. `Tags.of()` reaches it, and its attributes are those of the settled resource.
 * Not built on the CDK's `CustomResource`, whose further construct costs a fifth of the synthesis (`bench/synth.ts`).
 */
export class SettledResource extends CfnResource implements ITaggableV2, IDelegable {
  readonly cdkTagManager: TagManager;
  /** What it takes to manage this. */
  readonly requirement: Requirement;
  private readonly assumeRole?: RoleAssumption;

  constructor(scope: Construct, id: string, props: SettledResourceProps) {
    const provider = SettledProvider.getOrCreate(scope, props.service);
    super(scope, id, {
      type: props.resourceType,
      properties: present({
        ServiceToken: provider.serviceToken,
        ServiceTimeout: `${SERVICE_TIMEOUT.toSeconds()}`,
        ...props.properties,
        AssumeRole: props.assumeRole?._render(scope),
      }),
    });
    const tags = new TagManager(TagType.KEY_VALUE, props.resourceType, props.tags);
    this.cdkTagManager = tags;
    this.requirement = props;
    this.assumeRole = props.assumeRole;
    this.applyRemovalPolicy(props.removalPolicy);
    this.node.addValidation({ validate: () => props.tagProblems?.(tags.tagValues()) ?? [] });
    this.grantTo(provider, props);
  }

  /** An attribute that the handler answers. */
  getAttString(name: string): string {
    return Token.asString(this.getAtt(name));
  }

  requiredPermissions(): DelegatedPermissions {
    return requiredBy(this.node.scope!, this.requirement.service, this.assumeRole, () => [this.requirement]);
  }

  /** Read at synthesis, when all tags are known. */
  protected override get cfnProperties(): Record<string, unknown> {
    const tags = renderTags(this.cdkTagManager);
    return tags.length > 0 ? { ...this.updatedProperties, Tags: tags } : this.updatedProperties;
  }

  override applyRemovalPolicy(policy: RemovalPolicy): void {
    new Validation(this.node.path)
      .check(
        'removalPolicy',
        policy,
        policy !== RemovalPolicy.SNAPSHOT,
        'be DESTROY or RETAIN (there are no snapshots of this resource)',
      )
      .throwIfInvalid();
    super.applyRemovalPolicy(cleaningUpFailedCreations(policy));
  }

  /** With a role to assume, that role has the permissions. */
  private grantTo(
    provider: SettledProvider,
    { assumeRole, permissions, lastingPermissions }: SettledResourceProps,
  ): void {
    if (assumeRole !== undefined) {
      this.node.addDependency(provider.allowAssuming(assumeRole));
      assumeRole._dependOn(this);
      return;
    }
    provider.allow((realm) => permissions?.(realm) ?? []);
    if (lastingPermissions !== undefined) this.node.addDependency(provider.allowLasting(lastingPermissions));
  }
}

/** Absent values would be left out of the template anyway, but the CDK would resolve each of them twice before. */
function present(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** As CloudFormation's own resources have them; the tag manager's rendering counts on the L1 class to convert it. */
function renderTags(tags: TagManager): Array<{ Key: string; Value: string }> {
  return Object.entries(tags.tagValues()).map(([Key, Value]) => ({ Key, Value }));
}

/** What a failed deployment has made is removed even if the resource is to be kept later. */
export function cleaningUpFailedCreations(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
