/**
 * How a member account lets Macie Classic in: a role that Macie assumes in the name of the administrator account, to make
 * its service-linked role. "Creating a Handshake Role" and "Integrate Member Accounts", Macie Classic user guide
 * (https://docs.aws.amazon.com/macie/latest/userguide/macie-access-control.html, macie-integration.html).
 */
import { ConditionContext } from '../../iam/pattern';
import { evaluate } from '../../iam/policy';
import { evaluateTrust } from '../../iam/trust';
import type { Call } from '../service';
import type { MacieClassicContext, MacieClassicState } from './state';

/** The guide gives both names, on two of its pages. */
const ROLE_NAMES = ['AWSMacieServiceCustomerHandshakeRole', 'AmazonMacieHandshakeRole'];
const MACIE = 'macie.amazonaws.com';

/** Why Macie may not add the account; nothing when it may. */
export function handshakeProblem(
  memberId: string,
  state: MacieClassicState,
  call: Call,
  context: MacieClassicContext,
): string | undefined {
  const { handshake } = context.settings;
  // An account that was a member before has the service-linked role, and needs no handshake again.
  if (handshake === 'none' || accountState(memberId, call, context).serviceLinkedRole) return undefined;
  if (handshake !== 'iam') return handshake(call.accountId, memberId) ? undefined : 'has no handshake role for it';
  const roles = ROLE_NAMES.map((name) => context.iam.roleByName(memberId, name)).filter((role) => role !== undefined);
  if (roles.length === 0) return `has no handshake role: make ${ROLE_NAMES.join(' or ')} in it`;
  const role = roles.find((candidate) => isTrusted(candidate, call));
  if (role === undefined)
    return `has a handshake role that does not trust ${MACIE} with the external id ${call.accountId}`;
  if (!maySettle(role.arn, memberId, call, context)) return "has a handshake role that may not make Macie's role";
  return isNew(role.roleId, state, call, context) ? 'has a handshake role that is not known everywhere yet' : undefined;
}

/** What is remembered of a member account as a whole. */
export function accountState(memberId: string, { world }: Call, { service }: MacieClassicContext): MacieClassicState {
  return world.state(service, memberId, 'aws-global');
}

function isTrusted(role: Parameters<typeof evaluateTrust>[0], { accountId }: Call): boolean {
  return evaluateTrust(role, { service: MACIE }, 'sts:AssumeRole', { 'sts:ExternalId': accountId }) === 'allowed';
}

function maySettle(roleArn: string, memberId: string, { world }: Call, { iam }: MacieClassicContext): boolean {
  const request = {
    action: 'iam:CreateServiceLinkedRole',
    resource: `arn:${world.partition}:iam::${memberId}:role/aws-service-role/${MACIE}/AWSServiceRoleForAmazonMacie`,
    context: new ConditionContext({ 'iam:AWSServiceName': MACIE }),
  };
  return evaluate(iam.policiesOf(roleArn), request) === 'allowed';
}

function isNew(roleId: string, state: MacieClassicState, { world }: Call, { settings }: MacieClassicContext): boolean {
  const now = world.clock.now();
  const since = state.handshakes.get(roleId) ?? now;
  state.handshakes.set(roleId, since);
  return now < since + settings.handshakeSeconds * 1000;
}
