import {
  AssociateMemberAccountCommand,
  DisassociateMemberAccountCommand,
  ListMemberAccountsCommand,
} from '@aws-sdk/client-macie';
import { classify } from '../runtime/errors';
import { everyPage } from '../runtime/pages';
import type { Properties } from '../runtime/properties';
import type { Run } from '../runtime/reconciler';
import { associationReconciler } from './association.runtime';
import type { Association } from './association-set.runtime';
import {
  invalidAccount,
  macieClassic,
  messageOf,
  PAGE_SIZE,
  type Refusal,
  saysAlreadyAssociated,
  saysNotAssociated,
} from './macie-classic.runtime';

export interface MemberAccountGoal {
  readonly memberAccountId: string;
}

export interface MemberAccountAction {
  readonly call: 'AssociateMemberAccount' | 'DisassociateMemberAccount';
  readonly memberAccountId: string;
}

/** A handshake role that was made a moment ago is not known everywhere yet. */
const ROLE_PROPAGATION_MS = 60_000;

export const memberAccountReconciler = associationReconciler<MemberAccountGoal, Association, MemberAccountAction>({
  decode,
  wanted: ({ memberAccountId }) => [association(memberAccountId)],
  impossibility: ({ memberAccountId }, place) =>
    memberAccountId === place.accountId
      ? `account ${memberAccountId} is the administrator account itself and cannot be its own member; give the id of another account`
      : undefined,
  list,
  perCall: 1,
  call: (change, [member]) => ({
    call: change === 'remove' ? 'DisassociateMemberAccount' : 'AssociateMemberAccount',
    memberAccountId: member?.accountId ?? '',
  }),
  attributes: ({ memberAccountId }, preExisting) => ({
    MemberAccountId: memberAccountId,
    PreExisting: `${preExisting > 0}`,
  }),
  act,
});

function decode(properties: Properties): MemberAccountGoal {
  const memberAccountId = properties.string('MemberAccountId');
  if (!/^\d{12}$/.test(memberAccountId)) throw invalidAccount('MemberAccountId', memberAccountId);
  return { memberAccountId };
}

function association(accountId: string): Association {
  return { key: accountId, accountId, name: `account ${accountId}`, setting: '' };
}

/** The one account, if it is a member. The administrator is in the list, too, and is none. */
async function list(run: Run<MemberAccountGoal>, accountId: string): Promise<Association[]> {
  const macie = macieClassic(run);
  const pages = await everyPage((nextToken) =>
    macie.send(new ListMemberAccountsCommand({ maxResults: PAGE_SIZE, nextToken })),
  );
  const members = pages.flatMap(({ memberAccounts = [] }) => memberAccounts);
  const isMember = accountId !== run.place.accountId && members.some((member) => member.accountId === accountId);
  return isMember ? [association(accountId)] : [];
}

async function act(action: MemberAccountAction, run: Run<MemberAccountGoal>): Promise<readonly Refusal[]> {
  const { call, memberAccountId } = action;
  const macie = macieClassic(run);
  try {
    if (call === 'AssociateMemberAccount') await macie.send(new AssociateMemberAccountCommand({ memberAccountId }));
    else await macie.send(new DisassociateMemberAccountCommand({ memberAccountId }));
    return [];
  } catch (error) {
    const kind = kindOfRefusal(action, error, run);
    if (kind === undefined) throw error;
    return [{ key: memberAccountId, name: `account ${memberAccountId}`, reason: messageOf(error), kind }];
  }
}

/** What a refusal means where it is no failure. */
function kindOfRefusal({ call }: MemberAccountAction, error: unknown, run: Run<unknown>): Refusal['kind'] | undefined {
  const message = messageOf(error);
  if (classify(error) !== 'final') return undefined;
  if (call === 'DisassociateMemberAccount') {
    if (/is a master Macie account and cannot be disassociated/i.test(message)) return 'gone';
    return saysNotAssociated(message) ? 'passing' : undefined;
  }
  // Lists show a member only later.
  if (saysAlreadyAssociated(message)) return 'passing';
  const ageMs = run.now.getTime() - Date.parse(run.note.startedAt);
  return /handshake/i.test(message) && ageMs < ROLE_PROPAGATION_MS ? 'passing' : undefined;
}
