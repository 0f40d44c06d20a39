import { Annotations, RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { exportStatements } from './export-policies';
import { EXPORT_REQUIREMENT } from './provider';

/** Properties of where the results of classification go. */
export interface ClassificationExportConfigurationProps {
  /**
   * The bucket for the results, a general purpose bucket. Its policy gets the statements that Macie needs. Updated in
   * place; results that are there stay.
   */
  readonly bucket: s3.IBucket;

  /**
   * The key that encrypts the results: a symmetric key for encryption, in the region of the bucket. Its policy gets the
   * statement that Macie needs. Updated in place.
   */
  readonly encryptionKey: kms.IKey;

  /**
   * With what the keys of the results begin in the bucket, at most 1,024 bytes and without a slash at the beginning; Macie
   * adds a slash and `AWSLogs/<account>/Macie/`. Updated in place.
   *
   * @default - none
   */
  readonly keyPrefix?: string;

  /**
   * Whether to replace a configuration that the account already has in this region, and that is not this one. Otherwise
   * the deployment fails and says what it is.
   *
   * @default false
   */
  readonly replaceExisting?: boolean;

  /**
   * Configure Macie with this role, in another account or region. The bucket and the key may be where you like.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/** The longest key of an object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/**
 * Where Macie keeps the results of classification beyond 90 days. There is one such configuration in an account and
 * region. Macie must be enabled before: let this depend on the `AWS::Macie::Session` of the stack.
 *
 * Macie can replace the configuration, but not remove it: it stays when this is no longer in the stack.
 *
 * @resource Custom::SettledMacieClassificationExport
 */
export class ClassificationExportConfiguration extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can manage the configuration through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, EXPORT_REQUIREMENT);
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: ClassificationExportConfigurationProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    validate(this.node.path, props);
    this.resource = new UntaggedResource(this, 'Resource', {
      ...EXPORT_REQUIREMENT,
      properties: {
        BucketName: props.bucket.bucketName,
        KeyPrefix: props.keyPrefix === '' ? undefined : props.keyPrefix,
        KmsKeyArn: props.encryptionKey.keyArn,
        ReplaceExisting: `${props.replaceExisting ?? false}`,
      },
      removalPolicy: RemovalPolicy.RETAIN,
      assumeRole: props.assumeRole,
    });
    this.letMacieIn(props);
  }

  /**
   * Name of the bucket for the results.
   *
   * @attribute
   */
  get bucketName(): string {
    return this.resource.getAttString('BucketName');
  }

  /** What a role needs to manage the configuration, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Macie checks when it is configured whether it may write, so the policies come first: that of a key with the key. */
  private letMacieIn({ bucket, encryptionKey, keyPrefix }: ClassificationExportConfigurationProps): void {
    const statements = exportStatements(this, { bucketArn: bucket.bucketArn, keyPrefix });
    const results = statements.bucket.map((statement) => bucket.addToResourcePolicy(statement));
    for (const { policyDependable } of results) {
      if (policyDependable !== undefined) this.resource.node.addDependency(policyDependable);
    }
    if (!results.every(({ statementAdded }) => statementAdded)) this.warnOfPolicy('bucket', 'bucket');
    // An imported key would throw, if it were not said that it may be left as it is.
    const { statementAdded } = encryptionKey.addToResourcePolicy(statements.key, true);
    if (!statementAdded) this.warnOfPolicy('encryptionKey', 'key');
  }

  private warnOfPolicy(property: string, kind: string): void {
    Annotations.of(this).addWarningV2(
      `cdk-settled:macie-export-${kind}-policy`,
      `the policy of ${property} cannot be changed from here, since it is imported; it must let macie.amazonaws.com in, as https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html says`,
    );
  }
}

function validate(path: string, props: ClassificationExportConfigurationProps): void {
  const { bucket, encryptionKey, keyPrefix } = props;
  const own = [bucket, encryptionKey].every((resource) => Resource.isOwnedResource(resource));
  const regions = [bucket.env.region, encryptionKey.env.region];
  const validation = new Validation(path)
    // Of what is imported, the region is often only supposed.
    .check(
      'encryptionKey',
      encryptionKey.env.region,
      !own || regions.some((region) => Token.isUnresolved(region)) || regions[0] === regions[1],
      `be in the region of the bucket, ${regions[0]}`,
    );
  if (keyPrefix !== undefined && !Token.isUnresolved(keyPrefix)) {
    const bytes = Buffer.byteLength(keyPrefix);
    validation
      .check('keyPrefix', `${bytes} bytes`, bytes <= MAX_KEY_BYTES, `have at most ${MAX_KEY_BYTES} bytes`)
      .check('keyPrefix', keyPrefix, !keyPrefix.startsWith('/'), 'not begin with a slash');
  }
  validation.throwIfInvalid();
}
