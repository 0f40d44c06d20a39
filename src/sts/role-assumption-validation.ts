import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { known } from '../core/place';
import { checkTags } from '../core/tag-validation';
import { knownEntries, Validation } from '../core/validation';
import type { RoleAssumptionProps } from './role-assumption';
import { checkSessionPolicy } from './session-policy';

/** What is assumed, and how. */
export interface CheckedAssumption {
  readonly roleArn: string;
  /** Where the role is more than an ARN. */
  readonly role?: iam.IRole;
  readonly props: RoleAssumptionProps;
  /** Those from whose session it is assumed, the first one first. */
  readonly via: readonly RoleAssumptionProps[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: a path, and a name of at most 64 */
const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/([\u0021-\u007e]*\/)?[\w+=,.@-]{1,64}$/;
const NAME = /^[\w+=,.@-]*$/;
const NAME_REMEDY = 'consist of letters, digits and _+=,.@-';

/** Limits of AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function validateRoleAssumption(assumption: CheckedAssumption): void {
  const { roleArn, props } = assumption;
  const { externalId, sessionName, sourceIdentity } = props;
  const validation = new Validation('sts.RoleAssumption')
    .pattern('roleArn', roleArn, ROLE_ARN, 'be the ARN of an IAM role')
    .length('roleArn', roleArn, 20, 2048);
  checkExternalId(validation, externalId);
  validation
    .length('sessionName', sessionName, 2, 64)
    .pattern('sessionName', sessionName, NAME, NAME_REMEDY)
    // So it cannot begin with "aws:" either, which AWS has reserved.
    .length('sourceIdentity', sourceIdentity, 2, 64)
    .pattern('sourceIdentity', sourceIdentity, NAME, NAME_REMEDY);
  checkDuration(validation, props);
  checkRegion(validation, 'region', props.region);
  checkRegion(validation, 'stsRegion', props.stsRegion);
  checkTags(validation, props.tags, 50);
  checkTagKeys(validation, props);
  checkSessionPolicies(validation, assumption);
  checkChain(validation, assumption);
  validation.throwIfInvalid();
}

export function checkExternalId(validation: Validation, externalId: string | undefined): void {
  validation
    .length('externalId', externalId, 2, 1224)
    .pattern('externalId', externalId, /^[\w+=,.@:/-]*$/, 'consist of letters, digits and _+=,.@:/-');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
function checkDuration(validation: Validation, { duration }: RoleAssumptionProps): void {
  if (duration === undefined || duration.isUnresolved()) return;
  const seconds = duration.toSeconds();
  validation.check(
    'duration',
    seconds,
    seconds >= 900 && seconds <= 3600,
    "be from 900 to 3600 seconds (the provider's role is a role itself, and AWS ends sessions of chained roles after an hour)",
  );
}

function checkRegion(validation: Validation, property: string, region: string | undefined): void {
  validation.pattern(property, region, /^[a-z]{2,}(-[a-z]+)+-\d+$/, 'be the code of a region, such as eu-west-1');
}

/** AWS does not tell keys from each other by upper and lower case, but keeps it. */
function checkTagKeys(validation: Validation, { tags = {}, transitiveTagKeys }: RoleAssumptionProps): void {
  const keys = Object.keys(tags).filter((key) => !Token.isUnresolved(key));
  for (const [index, key] of keys.entries()) {
    const same = keys.slice(0, index).find((other) => other.toLowerCase() === key.toLowerCase());
    validation.require(
      same === undefined,
      `tags keys "${same}" and "${key}" differ only in upper and lower case, which AWS takes for the same; rename one`,
    );
  }
  validation.count('transitiveTagKeys', transitiveTagKeys, 0, 50);
  for (const key of knownEntries(transitiveTagKeys)) {
    validation.require(
      Token.isUnresolved(key) || key in tags,
      `transitiveTagKeys names "${key}", which is not among tags; add the tag or leave the key out`,
    );
  }
}

function checkSessionPolicies(validation: Validation, { roleArn, role, props }: CheckedAssumption): void {
  const policies = props.sessionManagedPolicies ?? [];
  validation.count('sessionManagedPolicies', policies, 0, 10);
  if (props.sessionPolicy !== undefined) {
    const arns = policies.map(({ managedPolicyArn }) => managedPolicyArn);
    checkSessionPolicy(validation, 'sessionPolicy', props.sessionPolicy, arns);
  }
  const account = accountOfArn(roleArn) ?? known(role?.env.account ?? '');
  if (!account) return;
  for (const policy of policies) {
    const owner = accountOfPolicy(policy);
    validation.require(
      owner === undefined || owner === account,
      `sessionManagedPolicies must be of AWS or of account ${account}, in which the role is, got "${policy.managedPolicyArn}"; make the policy there`,
    );
  }
}

/** Of an ARN whose account is known, if nothing else of it. */
function accountOfArn(arn: string): string | undefined {
  const [, account] = /^arn:[^:]+:iam::(\d{12}):/.exec(arn) ?? [];
  return account;
}

function accountOfPolicy(policy: iam.IManagedPolicy): string | undefined {
  const made = policy instanceof iam.ManagedPolicy ? known(policy.env.account) : undefined;
  return accountOfArn(policy.managedPolicyArn) ?? made;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, and …/id_credentials_temp_control-access_monitor.html */
function checkChain(validation: Validation, { props, via }: CheckedAssumption): void {
  const { sourceIdentity } = props;
  validation.require(
    via.at(-1)?.region === undefined,
    `via must have no region, got "${via.at(-1)?.region}": the resource is managed in that of the last role; give it there`,
  );
  const passedOn = new Set(via.flatMap(({ transitiveTagKeys }) => knownEntries(transitiveTagKeys)).map(lowerCase));
  for (const key of Object.keys(props.tags ?? {})) {
    validation.require(
      !passedOn.has(key.toLowerCase()),
      `tags key "${key}" is transitive in via, so that its value cannot be set again; leave it out here or there`,
    );
  }
  const identity = via.map((link) => link.sourceIdentity).find((value) => value !== undefined);
  if ([identity, sourceIdentity].some((value) => value === undefined || Token.isUnresolved(value))) return;
  validation.check(
    'sourceIdentity',
    sourceIdentity,
    sourceIdentity === identity,
    `be "${identity}" as in via, or be left out (it cannot change in a chain)`,
  );
}

function lowerCase(key: string): string {
  return key.toLowerCase();
}
