import type { Call, Document } from '../service';
import { invalidInput, limitExceeded } from './errors';
import { accountState, handshakeProblem } from './handshake';
import { page } from './pages';
import { type MacieClassicContext, type MacieClassicOperations, type MacieClassicState, resourceKey } from './state';

export function memberOperations(context: MacieClassicContext): MacieClassicOperations {
  // None of them has resource-level permission:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacieclassic.html
  const permitted = (action: string) => () => [{ action: `macie:${action}`, resource: '*' }];
  return {
    AssociateMemberAccount: {
      permissions: permitted('AssociateMemberAccount'),
      handle: (input, state, call) => associate(input.memberAccountId, state, call, context),
    },
    DisassociateMemberAccount: {
      permissions: permitted('DisassociateMemberAccount'),
      handle: (input, state, call) => disassociate(input.memberAccountId, state, call, context),
    },
    ListMemberAccounts: { permissions: permitted('ListMemberAccounts'), handle: list },
  };
}

/** Without an answer: the operations that change members have none. */
function associate(id: string, state: MacieClassicState, call: Call, context: MacieClassicContext): undefined {
  if (id === call.accountId) return undefined;
  if (state.members.get(id) !== undefined) {
    if (context.settings.memberAgain === 'accept') return undefined;
    throw invalidInput(`Account ${id} is already associated with Macie.`, 'memberAccountId');
  }
  const { quotas } = context.settings;
  const member = call.world.state(context.service, id, call.region);
  if (member.administrator !== undefined && member.administrator !== call.accountId) {
    throw invalidInput(`Account ${id} is associated with another master Macie account.`, 'memberAccountId');
  }
  const problem = handshakeProblem(id, state, call, context);
  if (problem !== undefined) throw invalidInput(`Account ${id} ${problem}.`, 'memberAccountId');
  const count = state.members.values().length;
  if (count >= quotas.memberAccounts) {
    throw limitExceeded(`The account has ${count} member accounts, which is its quota.`, 'MemberAccount');
  }
  state.members.add(id, id, call.world.clock.now());
  member.administrator = call.accountId;
  accountState(id, call, context).serviceLinkedRole = true;
  return undefined;
}

function disassociate(id: string, state: MacieClassicState, call: Call, context: MacieClassicContext): undefined {
  if (id === call.accountId) {
    throw invalidInput(`Account ${id} is a master Macie account and cannot be disassociated.`, 'memberAccountId');
  }
  if (state.members.get(id) === undefined) {
    throw invalidInput(`Account ${id} is not yet associated with Macie.`, 'memberAccountId');
  }
  const now = call.world.clock.now();
  state.members.remove(id, now);
  call.world.state(context.service, id, call.region).administrator = undefined;
  if (context.settings.memberTakesResources) {
    const resources = state.resources.values().filter(({ accountId }) => accountId === id);
    for (const resource of resources) state.resources.remove(resourceKey(resource), now);
  }
  return undefined;
}

/** The administrator is in the list, too. */
function list(input: Document, state: MacieClassicState, call: Call): Document {
  const ids = [call.accountId, ...state.members.seen(call.world.clock.now())];
  const { items, nextToken } = page(ids, (id) => id, input, JSON.stringify(['members', call.accountId, call.region]));
  return { memberAccounts: items.map((accountId) => ({ accountId })), ...(nextToken !== undefined && { nextToken }) };
}
