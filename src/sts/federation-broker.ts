import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { checkTagKey } from '../core/tag-validation';
import { knownEntries, Validation } from '../core/validation';
import { checkSessionPolicy } from './session-policy';

/** Properties of a federation broker. */
export interface FederationBrokerProps {
  /**
   * The IAM user with whose access key the broker calls GetFederationToken.
   *
   * @default - a new user, without an access key
   */
  readonly user?: iam.IUser;

  /**
   * Names for which the broker may get tokens, at least one: 2 to 32 letters, digits and `+=,.@-_`, with `*` as a wildcard.
   * Updated in place.
   */
  readonly federatedUserNames: string[];

  /**
   * What federated users may do, at least one statement. The broker's user is allowed the same, since nobody can pass on
   * more than they have; GetFederationToken takes `sessionPolicy` of at most 2,048 characters. Calls of IAM and STS are
   * refused to federated users whatever stands here. Updated in place.
   */
  readonly permissions: iam.PolicyStatement[];

  /**
   * Keys of the session tags that the broker may set, at most 50. Updated in place.
   *
   * @default - none
   */
  readonly sessionTagKeys?: string[];
}

/**
 * A program that signs in users by itself and gets credentials for them (GetFederationToken).
 *
 * Only an IAM user with an access key can make that call, never a role, and so no Lambda function, container or instance
 * with its own credentials. Use this for a broker that runs outside of AWS and must give sessions of up to 36 hours. In all
 * other cases let the broker assume a role with a session policy, or let users come by `WebIdentityRole` or `SamlRole`.
 *
 * The call must be given `sessionPolicy` as its `Policy`: without one, a federated user has no permissions but those of
 * policies that name it. No condition of IAM limits the duration that the broker asks for: 15 minutes to 36 hours.
 *
 * No access key is made here, since its secret would stand in the stack. Make one with `aws iam create-access-key`, keep it
 * where the broker finds it and nobody else, and change it regularly.
 */
export class FederationBroker extends Construct {
  /** The user with whose access key the broker calls GetFederationToken. */
  readonly user: iam.IUser;

  /** JSON for the parameter `Policy` of GetFederationToken. */
  readonly sessionPolicy: string;

  constructor(scope: Construct, id: string, props: FederationBrokerProps) {
    super(scope, id);
    const document = new iam.PolicyDocument({ statements: props.permissions.map((statement) => statement.copy()) });
    validate(this.node.path, props, document);
    this.user = props.user ?? new iam.User(this, 'User');
    this.sessionPolicy = Stack.of(this).toJsonString(document);
    // Managed policies, since those of a user itself have 2,048 characters in all.
    const federation = new iam.ManagedPolicy(this, 'Federation', {
      description: 'Lets a federation broker get tokens for its users',
      users: [this.user],
      statements: this.gettingTokens(props),
    });
    new iam.ManagedPolicy(this, 'Permissions', {
      description: 'What federated users of a broker may do at most',
      users: [this.user],
      statements: props.permissions.map((statement) => statement.copy()),
    });
    explainFindings(federation, 'AWS::IAM::ManagedPolicy', [
      {
        rule: 'AwsSolutions-IAM5',
        reason:
          'The names of federated users are given as patterns; a token has no more than the session policy gives.',
        finding: /^Resource::arn:.+:sts::.+:federated-user\/.*\*.*$/,
      },
    ]);
  }

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_enable-create.html */
  private gettingTokens({ federatedUserNames, sessionTagKeys = [] }: FederationBrokerProps): iam.PolicyStatement[] {
    const resources = federatedUserNames.map((resourceName) =>
      Stack.of(this).formatArn({ service: 'sts', region: '', resource: 'federated-user', resourceName }),
    );
    const getting = new iam.PolicyStatement({ actions: ['sts:GetFederationToken'], resources });
    if (sessionTagKeys.length === 0) return [getting];
    const tagging = new iam.PolicyStatement({
      actions: ['sts:TagSession'],
      // Not known is whether AWS takes the user who calls or the federated one for what is tagged.
      resources: [...resources, this.user.userArn],
      conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': sessionTagKeys } },
    });
    return [getting, tagging];
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
function validate(path: string, props: FederationBrokerProps, document: iam.PolicyDocument): void {
  const { federatedUserNames, sessionTagKeys } = props;
  const validation = new Validation(path)
    .filled('federatedUserNames', federatedUserNames)
    .count('sessionTagKeys', sessionTagKeys, 0, 50);
  for (const name of knownEntries(federatedUserNames)) {
    validation
      .length('federatedUserNames', name, name.includes('*') ? 1 : 2, 32)
      .pattern(
        'federatedUserNames',
        name,
        /^[\w+=,.@*-]*$/,
        'consist of letters, digits and _+=,.@-, with * as a wildcard',
      );
  }
  for (const key of knownEntries(sessionTagKeys)) checkTagKey(validation, 'sessionTagKeys', key);
  checkSessionPolicy(validation, 'permissions', document);
  validation.throwIfInvalid();
}
