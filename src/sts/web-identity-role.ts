import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { knownEntries, pathBelow, Validation } from '../core/validation';
import type { FederatedRoleOptions } from './federated-role-options';
import { allowSessionAttributes, type Conditions, mergedConditions } from './federated-trust';

/** Properties of a role for web identities. */
export interface WebIdentityRoleProps extends FederatedRoleOptions {
  /** The OpenID Connect provider, in the account of the role. Updated in place. */
  readonly provider: iam.IOIDCProviderRef;

  /**
   * URL of the provider, with or without `https://`. It is part of the keys of the trust policy, where CloudFormation
   * fills in nothing, so it must be known to the app.
   *
   * @default - from the ARN of an imported provider; must be given for one that is made in this app
   */
  readonly issuer?: string;

  /** For whom tokens are issued (`aud`), at least one, without wildcards. Updated in place. */
  readonly audiences: string[];

  /**
   * Who may assume the role (`sub`), at least one: with `*` and `?` as wildcards, but not those alone. Updated in place.
   *
   * For GitHub, `repo:<owner>/<repository>:ref:refs/heads/main` or `repo:<owner>/<repository>:environment:<name>`.
   */
  readonly subjects: string[];
}

/**
 * What holders of a token of an OpenID Connect provider may do (AssumeRoleWithWebIdentity): builds of GitHub or GitLab, pods
 * of a Kubernetes cluster, users of a provider of your own. Whose tokens count can not be forgotten: without subjects,
 * everybody to whom the provider gives tokens could assume the role.
 *
 * Use it wherever a program outside of AWS has an identity already, instead of access keys. Do not use it for identity pools
 * of Amazon Cognito (`GuestRole`), or for a provider of SAML (`SamlRole`).
 *
 * @resource AWS::IAM::Role
 */
export class WebIdentityRole extends iam.Role {
  constructor(scope: Construct, id: string, props: WebIdentityRoleProps) {
    const { provider, issuer: given, audiences, subjects, conditions, sessionTags, sourceIdentity, ...options } = props;
    const providerArn = provider.oidcProviderRef.oidcProviderArn;
    const issuer = issuerOf(providerArn, given);
    const validation = new Validation(pathBelow(scope, id));
    validate(validation, issuer, props);
    const trusted = mergedConditions(validation, identityConditions(issuer ?? '', audiences, subjects), conditions);
    validation.throwIfInvalid();
    super(scope, id, {
      ...options,
      description: options.description ?? `For web identities of ${issuer}`.slice(0, 1000),
      assumedBy: new iam.WebIdentityPrincipal(providerArn, trusted),
    });
    allowSessionAttributes(this, [providerArn], { sessionTags, sourceIdentity });
  }
}

function issuerOf(providerArn: string, given: string | undefined): string | undefined {
  if (given !== undefined) return given.replace(/^https:\/\//, '').replace(/\/$/, '');
  const [, issuer] = /:oidc-provider\/(.+)$/.exec(providerArn) ?? [];
  return issuer === undefined || Token.isUnresolved(issuer) ? undefined : issuer;
}

/**
 * Alternatives must stand under one operator, since operators must all hold. The sign of a pattern in the only subject that
 * has one turns all into patterns, which changes nothing for the others.
 */
function identityConditions(issuer: string, audiences: string[], subjects: string[]): Conditions {
  const patterns = knownEntries(subjects).some((subject) => !Token.isUnresolved(subject) && /[*?]/.test(subject));
  const subject = { [`${issuer}:sub`]: single(subjects) };
  const audience = { [`${issuer}:aud`]: single(audiences) };
  return patterns ? { StringEquals: audience, StringLike: subject } : { StringEquals: { ...audience, ...subject } };
}

function single(values: string[]): string | string[] {
  return Token.isUnresolved(values) || values.length !== 1 ? values : values[0]!;
}

const GITHUB = 'token.actions.githubusercontent.com';

function validate(
  validation: Validation,
  issuer: string | undefined,
  { audiences, subjects }: WebIdentityRoleProps,
): void {
  validation
    .require(
      issuer !== undefined,
      'issuer must be given, since the ARN of the provider is not known before deployment; pass the URL that it was made with',
    )
    .pattern('issuer', issuer, /^[\w.-]+(:\d+)?(\/[\w.~/-]*)?$/, 'be the URL of the provider')
    .filled('audiences', audiences)
    .require(
      Token.isUnresolved(subjects) || subjects.length > 0,
      'subjects must have at least one entry: without one, everybody to whom the provider gives tokens could assume the role',
    );
  for (const audience of knownEntries(audiences)) {
    validation.pattern('audiences', audience, /^[^*?]+$/, 'be named in full, without wildcards');
  }
  for (const subject of knownEntries(subjects)) checkSubject(validation, issuer, subject);
}

function checkSubject(validation: Validation, issuer: string | undefined, subject: string): void {
  validation.pattern(
    'subjects',
    subject,
    /[^*?\s]/,
    'name somebody (otherwise everybody to whom the provider gives tokens could assume the role)',
  );
  if (issuer !== GITHUB) return;
  // https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
  validation.pattern(
    'subjects',
    subject,
    /^(?!repo:[^/]*[*?])/,
    'name the owner of the repository in full (otherwise others at GitHub could choose a name that fits)',
  );
}
