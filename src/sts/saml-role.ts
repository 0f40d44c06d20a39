import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { knownEntries, pathBelow, Validation } from '../core/validation';
import type { FederatedRoleOptions } from './federated-role-options';
import { allowSessionAttributes, mergedConditions } from './federated-trust';

/** Properties of a role for users of a SAML provider. */
export interface SamlRoleProps extends FederatedRoleOptions {
  /** The providers, at least one, in the account of the role. Updated in place. */
  readonly providers: iam.ISAMLProviderRef[];

  /**
   * Regions whose sign-in endpoints are accepted beside the partition's own, so that users can still sign in when that one
   * has an outage. The identity provider must be told of them, too. Updated in place.
   *
   * @default - none
   */
  readonly signInRegions?: string[];

  /**
   * The endpoints to which assertions may be addressed (`SAML:aud`), instead of those of the partition and of
   * `signInRegions`: for endpoints of encrypting providers, and for partitions that are younger than this library. Updated
   * in place.
   *
   * @default - `https://signin.aws.amazon.com/saml`, `https://signin.amazonaws.cn/saml` in China,
   * `https://signin.amazonaws-us-gov.com/saml` in GovCloud; where the stack has no region, looked up at deployment among
   * the regions that the CDK knows
   */
  readonly audiences?: string[];
}

/**
 * What users of a SAML 2.0 identity provider may do (AssumeRoleWithSAML), in the AWS console and in programs: an assertion
 * that was made for the one can be used for the other, so that no trust policy tells them apart. What is demanded of both is
 * that the assertion is addressed to AWS; your own conditions stand beside that.
 *
 * Use it where people are known to a directory that speaks SAML, and IAM Identity Center is not at hand. Do not use it for
 * programs that have no user (`WebIdentityRole`). For sessions of more than an hour, raise `maxSessionDuration` and let the
 * provider say `SessionDuration`.
 *
 * @resource AWS::IAM::Role
 */
export class SamlRole extends iam.Role {
  constructor(scope: Construct, id: string, props: SamlRoleProps) {
    const { providers, signInRegions, audiences: given, conditions, sessionTags, sourceIdentity, ...options } = props;
    const validation = new Validation(pathBelow(scope, id));
    validate(validation, props);
    const audiences = given ?? endpoints(Stack.of(scope), signInRegions);
    const audience = audiences.length === 1 ? audiences[0] : audiences;
    const trusted = mergedConditions(validation, { StringEquals: { 'SAML:aud': audience } }, conditions);
    validation.throwIfInvalid();
    super(scope, id, {
      ...options,
      description: options.description ?? 'For users of a SAML provider',
      assumedBy: new iam.CompositePrincipal(...providers.map((provider) => new iam.SamlPrincipal(provider, trusted))),
    });
    const arns = providers.map(({ samlProviderRef }) => samlProviderRef.samlProviderArn);
    allowSessionAttributes(this, arns, { sessionTags, sourceIdentity });
  }
}

const COMMERCIAL = 'https://signin.aws.amazon.com/saml';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html */
function endpoints(stack: Stack, signInRegions: string[] = []): string[] {
  return [...new Set([stack.regionalFact(FactName.SAML_SIGN_ON_URL, COMMERCIAL), ...signInRegions.map(endpointOf)])];
}

/** https://docs.aws.amazon.com/general/latest/gr/signin-service.html: two regions have the endpoint without their name. */
function endpointOf(region: string): string {
  const url = RegionInfo.get(region).samlSignOnUrl || COMMERCIAL;
  return ['us-east-1', 'us-gov-west-1'].includes(region) ? url : url.replace('https://', `https://${region}.`);
}

function validate(validation: Validation, { providers, signInRegions, audiences }: SamlRoleProps): void {
  validation.filled('providers', providers).filled('audiences', audiences);
  validation.require(
    audiences === undefined || signInRegions === undefined,
    'audiences and signInRegions exclude each other; name the endpoints of the regions among audiences',
  );
  for (const audience of knownEntries(audiences)) {
    validation.pattern(
      'audiences',
      audience,
      /^https:\/\/[^*?\s]+$/,
      'be the URL of a sign-in endpoint, without wildcards',
    );
  }
  for (const region of knownEntries(signInRegions)) {
    validation.check('signInRegions', region, !Token.isUnresolved(region), 'be known to the app');
  }
}
