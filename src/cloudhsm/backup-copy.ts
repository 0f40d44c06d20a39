import { Names, RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { known, placeOf } from '../core/place';
import { SettledResource } from '../core/settled-resource';
import { checkTags, tagProblemsOf } from '../core/tag-validation';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import type { BackupSource } from './backup-source';
import { BACKUP_COPY_TYPE, backupCopyRequirement } from './provider';

/** Properties of a copy of a backup. */
export interface BackupCopyProps {
  /**
   * The backup to copy, in the region of the stack (or of `assumeRole`). A change replaces the copy. With
   * `BackupSource.latestOf()` the latest backup of the time when the copy is made is copied.
   */
  readonly source: BackupSource;

  /** The region to which the backup is copied, another one than its own. A change replaces the copy. */
  readonly destinationRegion: string;

  /**
   * Tags of the copy, at most 47, since up to three are needed to recognize it. Keys have 1 to 128 letters, digits, spaces
   * and some of `_.:/=+-@`; values at most 256. `Tags.of(copy).add()` works as well. Updated in place.
   *
   * @default - none but the stack's
   */
  readonly tags?: { [key: string]: string };

  /**
   * What becomes of the copy when it is no longer in the stack. A deleted copy can be restored for seven days. A copy has no
   * retention of its own: it is kept, and costs nothing but storage, until it is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the copy with this role, in another account or from another region. A change of either replaces the copy.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/** What the permissions on a copy depend on. */
export interface BackupCopyPermissionsOptions {
  /** The region to which backups are copied. */
  readonly destinationRegion: string;
}

/** The model's `Region`: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_CopyBackupToRegion.html */
const REGION = /^[a-z]{2}(-gov)?-(east|west|north|south|central){1,2}-\d$/;
/** Of 50, without those by which the handler knows its own, one of them on replacements only. */
const MAX_TAGS = 47;

/**
 * A copy of a backup in another region, ready to be restored when the deployment is complete.
 *
 * @resource Custom::SettledCloudHsmBackupCopy
 */
export class BackupCopy extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can manage copies through it. */
  static requiredPermissionsFor(manager: ManagingStack, options: BackupCopyPermissionsOptions): DelegatedPermissions {
    return requiredFrom(manager, backupCopyRequirement(options.destinationRegion));
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: BackupCopyProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    validate(this, props);
    this.resource = new SettledResource(this, 'Resource', {
      ...backupCopyRequirement(props.destinationRegion, keyOf(this, props)),
      properties: { ...props.source._forCopy(), DestinationRegion: props.destinationRegion },
      tags: props.tags,
      tagProblems: tagProblemsOf(BACKUP_COPY_TYPE, MAX_TAGS),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      assumeRole: props.assumeRole,
    });
  }

  /**
   * Id of the copy, `backup-…`.
   *
   * @attribute
   */
  get backupId(): string {
    return this.resource.getAttString('BackupId');
  }

  /**
   * ARN of the copy.
   *
   * @attribute
   */
  get backupArn(): string {
    return this.resource.getAttString('BackupArn');
  }

  /**
   * State at the end of the last deployment that changed the copy, `READY`.
   *
   * @attribute
   */
  get backupState(): string {
    return this.resource.getAttString('State');
  }

  /** What a role needs to manage the copy, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Sets what becomes of the copy when it is no longer in the stack, as the property `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }
}

/** Copies into the same region share their permissions. */
function keyOf(copy: BackupCopy, { destinationRegion }: BackupCopyProps): string {
  return Token.isUnresolved(destinationRegion) ? Names.uniqueId(copy).slice(-8) : destinationRegion;
}

function validate({ node, env }: BackupCopy, { destinationRegion, tags }: BackupCopyProps): void {
  const validation = new Validation(node.path)
    .pattern('destinationRegion', destinationRegion, REGION, 'be the name of a region such as eu-west-1')
    .check(
      'destinationRegion',
      destinationRegion,
      known(env.region) === undefined || destinationRegion !== env.region,
      'be another region than that of the backup',
    );
  checkTags(validation, tags, MAX_TAGS).throwIfInvalid();
}
