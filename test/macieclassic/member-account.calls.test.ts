import { memberAccountReconciler } from '../../src/macieclassic/member-account.reconciler';
import { AssociationRuns } from '../support/association-runs';
import { captureOutput } from '../support/captured-output';
import { FakeMacieClassic } from '../support/fake-macie-classic';
import { ACCOUNT, awsError } from '../support/runs';

captureOutput();

const MEMBER = '222222222222';
const OTHER = '333333333333';
const values = { MemberAccountId: MEMBER };
const rejected = (fact: string) => awsError('InvalidInputException', `The request was rejected. ${fact}`);

function setup(pageSize?: number) {
  const macie = new FakeMacieClassic(pageSize);
  return { macie, runs: new AssociationRuns(memberAccountReconciler, macie) };
}

test('a member is associated after the record is kept, and disassociated before it is removed', async () => {
  const { macie, runs } = setup();
  expect(await runs.settle({ type: 'Create', values })).toEqual({
    attributes: { MemberAccountId: MEMBER, PreExisting: 'false' },
  });
  expect(macie.changes).toEqual(['PutParameter', 'AssociateMemberAccount']);
  await runs.settle({ type: 'Delete', values });
  expect(macie.changes.slice(2)).toEqual(['DisassociateMemberAccount', 'DeleteParameter']);
  expect(macie.members.size).toBe(0);
});

test('a member that was there before, on any page, is told and kept', async () => {
  const { macie, runs } = setup(2);
  for (const id of ['444444444444', '555555555555', MEMBER]) macie.members.add(id);
  const { attributes } = await runs.settle({ type: 'Create', values });
  expect(attributes).toEqual({ MemberAccountId: MEMBER, PreExisting: 'true' });
  await runs.settle({ type: 'Delete', values });
  expect(macie.members).toContain(MEMBER);
  expect(macie.changes).toEqual(['PutParameter', 'DeleteParameter']);
});

test('another member takes the place of the first, which goes last', async () => {
  const { macie, runs } = setup();
  await runs.settle({ type: 'Create', values });
  macie.calls.length = 0;
  await runs.settle({ type: 'Update', values: { MemberAccountId: OTHER }, previous: values });
  expect(macie.changes).toEqual([
    'PutParameter',
    'AssociateMemberAccount',
    'DisassociateMemberAccount',
    'PutParameter',
  ]);
  expect([...macie.members]).toEqual([OTHER]);
});

test('the administrator account cannot be its own member', async () => {
  const { runs } = setup();
  const { failure } = await runs.settle({ type: 'Create', values: { MemberAccountId: ACCOUNT } });
  expect(failure).toContain(`account ${ACCOUNT} is the administrator account itself`);
});

test('what is no account id is an error', async () => {
  const { runs } = setup();
  await expect(runs.settle({ type: 'Create', values: { MemberAccountId: '123' } })).rejects.toThrow(
    'property MemberAccountId must be the id of an account, of 12 digits, got "123"',
  );
});

describe('a refusal', () => {
  /** The call answers this, as often as is said. */
  function refusing(call: string, error: Error, times: number) {
    const { macie, runs } = setup();
    const { aws } = macie;
    const client = aws.get(class {} as never, '') as { send: (command: object) => Promise<unknown> };
    let left = times;
    const send = (command: object) => {
      if (command.constructor.name !== `${call}Command` || left === 0) return client.send(command);
      left -= 1;
      return Promise.reject(error);
    };
    Object.assign(macie, { aws: { get: () => ({ send }) } });
    return { macie, runs };
  }

  test('for a handshake role that is new is waited out', async () => {
    const { macie, runs } = refusing('AssociateMemberAccount', rejected('Account has no handshake role.'), 3);
    expect((await runs.settle({ type: 'Create', values })).failure).toBeUndefined();
    expect([...macie.members]).toEqual([MEMBER]);
  });

  test('for a handshake role that lasts is told', async () => {
    const { runs } = refusing('AssociateMemberAccount', rejected('Account has no handshake role.'), 1000);
    expect((await runs.settle({ type: 'Create', values })).failure).toContain('has no handshake role');
  });

  test('because of another administrator is told at once', async () => {
    const error = rejected('Account is associated with another master Macie account.');
    const { failure } = await refusing('AssociateMemberAccount', error, 1).runs.settle({ type: 'Create', values });
    expect(failure).toContain('another master Macie account');
  });

  test('of a quota is final', async () => {
    const error = awsError('LimitExceededException', 'The account has 2 member accounts, which is its quota.');
    const { failure } = await refusing('AssociateMemberAccount', error, 1).runs.settle({ type: 'Create', values });
    expect(failure).toContain('LimitExceededException');
  });

  test.each([
    ['is not associated with Macie', 1],
    ['is not yet associated with Macie', 1],
    ['is a master Macie account and cannot be disassociated', 1],
    ['is a master Macie account and cannot be disassociated', 1000],
  ])('to delete what %s is none', async (words, times) => {
    const { macie, runs } = refusing('DisassociateMemberAccount', rejected(`Account ${words}.`), times);
    await runs.settle({ type: 'Create', values });
    expect(await runs.settle({ type: 'Delete', values })).toEqual({ attributes: {} });
    expect(macie.parameters.size).toBe(0);
  });
});
