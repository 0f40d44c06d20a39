/** What is known of a denied call; AWS does not always tell all of it. */
export interface Denial {
  readonly principal?: string;
  readonly action?: string;
  /** An ARN. */
  readonly resource?: string;
  /** The kind of policy that denies, or does not allow. */
  readonly policy?: PolicyKind;
  /** Whether a Deny statement was the reason; otherwise no statement allows it, or AWS does not tell. */
  readonly explicit: boolean;
  /** Names of the statements that deny. */
  readonly statements?: readonly string[];
}

/** Where kinds of policies are found and changed. */
const PLACES = {
  'identity-based policy': ({ role }: Situation) => `the policies of ${role}`,
  'session policy': () => 'sessionPolicy or sessionManagedPolicies of RoleAssumption',
  'permissions boundary': ({ role }: Situation) => `the permissions boundary of ${role}`,
  'service control policy': () => 'the service control policies of the organization, whose administrators can tell',
  'resource control policy': () => 'the resource control policies of the organization, whose administrators can tell',
  'resource-based policy': ({ role }: Situation) => `the policy of the resource itself, for ${role}`,
  'vpc endpoint policy': () => 'the policy of the VPC endpoint through which the call went',
  'role trust policy': () => 'the trust policy of the role',
};

export type PolicyKind = keyof typeof PLACES;

interface Situation {
  /** Who was denied, in words. */
  readonly role: string;
}

const REQUEST =
  /User: (\S+)\s+is not authorized to perform:\s+([\w-]+:\w+)(?:\s+on (?:this )?resource(?::\s+"?([^\s"]+)"?)?)?/;
/** Of two kinds, the one behind the other tells. */
const EXPLICIT =
  /explicit deny(?: in (?:an?|the) (?:[\w -]+? transitively through an? )?([\w -]*?(?:policy|boundary)))?/i;
const IMPLICIT = /\bno ([\w -]+?(?:policy|policies|boundary)) allows?\b/i;

/**
 * Reads what AWS says to a denied call.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function parseDenial(message: string): Denial {
  const [, principal, action, resource] = REQUEST.exec(message) ?? [];
  const explicit = EXPLICIT.exec(message);
  const kind = explicit === null ? IMPLICIT.exec(message)?.[1] : explicit[1];
  return {
    principal,
    action,
    resource: resource?.startsWith('arn:') ? resource.replace(/[.,;)]+$/, '') : undefined,
    policy: kind === undefined ? undefined : policyKind(kind),
    explicit: explicit !== null,
  };
}

function policyKind(words: string): PolicyKind | undefined {
  // AWS also writes "sessions policy", and "policies" where it means any.
  const kind = words.toLowerCase().replace('sessions', 'session').replace('policies', 'policy');
  return kind in PLACES ? (kind as PolicyKind) : undefined;
}

/** With what the call was made. */
export interface Caller {
  /** The role that was assumed for it; undefined for the function's own. */
  readonly roleArn?: string;
}

/**
 * What to do about a denied call: the statement that is missing and where it belongs, or the one that is in the way.
 * `caller` is undefined where it is not known.
 */
export function denialRemedy(denial: Denial, caller: Caller | undefined): string {
  const { action, policy, explicit, statements = [] } = denial;
  const situation = { role: roleOf(denial, caller) };
  if (action === undefined) {
    return `AWS names neither action nor resource: ${source(caller, situation.role)}, and look for a service control policy or permissions boundary`;
  }
  if (explicit) {
    const named = statements.length === 0 ? 'a statement' : `the statement ${statements.join(', ')}`;
    const place =
      policy === undefined ? `the policies of ${situation.role} or of the organization` : PLACES[policy](situation);
    return `${named} denies ${action}: narrow it in ${place}`;
  }
  const statement = missingStatement(denial);
  if (policy === undefined) {
    return `add ${statement} to ${PLACES['identity-based policy'](situation)}${giver(caller)}; where they have it, look for a session policy, permissions boundary or service control policy`;
  }
  return `add ${statement} to ${PLACES[policy](situation)}${policy === 'identity-based policy' ? giver(caller) : ''}`;
}

/** The statement that should have been granted. */
function missingStatement({ action, resource }: Denial): string {
  const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource ?? '*' });
  return resource === undefined ? `${statement} (AWS does not say on which resource)` : statement;
}

function roleOf({ principal }: Denial, caller: Caller | undefined): string {
  if (caller?.roleArn !== undefined) return `the role ${caller.roleArn}`;
  const [, account, name] = /^arn:[\w-]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(principal ?? '') ?? [];
  return name === undefined ? 'the role that made the call' : `the role ${name} of account ${account}`;
}

/** Who was to give the permission. */
function giver(caller: Caller | undefined): string {
  if (caller === undefined) return '';
  return caller.roleArn === undefined
    ? ' (cdk-settled gives its own roles what they need: unless a policy was changed since, please report a bug)'
    : ' (a DelegatedRole that manages this construct has it)';
}

function source(caller: Caller | undefined, role: string): string {
  if (caller?.roleArn === undefined) return `grant this action to ${role}`;
  return `give ${role} what a DelegatedRole that manages this construct has`;
}
