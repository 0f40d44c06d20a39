import { ACCOUNT, errorOf, MacieClassicBed, OTHER_ACCOUNT } from './bed';

afterEach(() => MacieClassicBed.stopAll());

const memberAccountId = OTHER_ACCOUNT;
const failure = (fact: RegExp) => ({ name: 'InvalidInputException', message: expect.stringMatching(fact) });

test('a member account comes, is listed after a while beside its administrator, and goes', async () => {
  const aws = await MacieClassicBed.start({ memberLagSeconds: 5 });
  const listed = async () => {
    const { memberAccounts } = await aws.call('ListMemberAccounts');
    return memberAccounts.map(({ accountId }: { accountId: string }) => accountId).sort();
  };
  aws.handshakeRole(OTHER_ACCOUNT);
  expect(await aws.call('AssociateMemberAccount', { memberAccountId })).toEqual({});
  expect(await listed()).toEqual([ACCOUNT]);
  expect(aws.inventory()).toEqual([`macie classic member ${OTHER_ACCOUNT}`]);
  await aws.clock.sleep(5_000);
  expect(await listed()).toEqual([ACCOUNT, OTHER_ACCOUNT]);
  await aws.call('DisassociateMemberAccount', { memberAccountId });
  expect(await listed()).toEqual([ACCOUNT, OTHER_ACCOUNT]);
  await aws.clock.sleep(5_000);
  expect(await listed()).toEqual([ACCOUNT]);
});

describe('the handshake role', () => {
  test.each([
    ['is missing', undefined, /has no handshake role/],
    ['has another name', { name: 'Handshake' }, /has no handshake role/],
    ['trusts another administrator', { externalId: '999999999999' }, /does not trust/],
    ['has no permission', { allowed: false }, /may not make/],
  ])('that %s keeps the account out', async (_what, role, fact) => {
    const aws = await MacieClassicBed.start();
    if (role !== undefined) aws.handshakeRole(OTHER_ACCOUNT, role);
    expect(await errorOf(aws.call('AssociateMemberAccount', { memberAccountId }))).toMatchObject(failure(fact));
    expect(aws.inventory()).toEqual([]);
  });

  test('may have the name of the CloudFormation templates', async () => {
    const aws = await MacieClassicBed.start();
    aws.handshakeRole(OTHER_ACCOUNT, { name: 'AmazonMacieHandshakeRole' });
    await expect(aws.call('AssociateMemberAccount', { memberAccountId })).resolves.toEqual({});
  });

  test('is not needed a second time', async () => {
    const aws = await MacieClassicBed.start();
    const { arn } = aws.handshakeRole(OTHER_ACCOUNT);
    await aws.call('AssociateMemberAccount', { memberAccountId });
    await aws.call('DisassociateMemberAccount', { memberAccountId });
    aws.iam.deleteRole(arn);
    await expect(aws.call('AssociateMemberAccount', { memberAccountId })).resolves.toEqual({});
  });

  test('can take a while to be known', async () => {
    const aws = await MacieClassicBed.start({ handshakeSeconds: 10 });
    aws.handshakeRole(OTHER_ACCOUNT);
    const first = aws.call('AssociateMemberAccount', { memberAccountId });
    expect(await errorOf(first)).toMatchObject(failure(/not known everywhere yet/));
    await aws.clock.sleep(10_000);
    await expect(aws.call('AssociateMemberAccount', { memberAccountId })).resolves.toEqual({});
  });
});

test('disassociation says what is wrong in the words that others saw', async () => {
  const aws = await MacieClassicBed.start();
  const other = aws.call('DisassociateMemberAccount', { memberAccountId });
  expect(await errorOf(other)).toMatchObject(failure(/is not yet associated with Macie/));
  const own = aws.call('DisassociateMemberAccount', { memberAccountId: ACCOUNT });
  expect(await errorOf(own)).toMatchObject(failure(/is a master Macie account and cannot be disassociated/));
});

test('the administrator can be associated with itself, which changes nothing', async () => {
  const aws = await MacieClassicBed.start();
  await aws.call('AssociateMemberAccount', { memberAccountId: ACCOUNT });
  expect(aws.inventory()).toEqual([]);
});

test.each(['accept', 'refuse'] as const)('a member that is associated again: %s', async (memberAgain) => {
  const aws = await MacieClassicBed.start({ handshake: 'none', memberAgain });
  await aws.call('AssociateMemberAccount', { memberAccountId });
  const again = aws.call('AssociateMemberAccount', { memberAccountId });
  if (memberAgain === 'accept') await again;
  else expect(await errorOf(again)).toMatchObject(failure(/already associated/));
});

test('a member of one administrator cannot be added by another', async () => {
  const aws = await MacieClassicBed.start({ handshake: 'none' });
  await aws.call('AssociateMemberAccount', { memberAccountId });
  const second = aws.call('AssociateMemberAccount', { memberAccountId }, '333333333333');
  expect(await errorOf(second)).toMatchObject(failure(/another master Macie account/));
});

test('the quota of member accounts', async () => {
  const aws = await MacieClassicBed.start({ handshake: 'none', quotas: { memberAccounts: 1 } });
  await aws.call('AssociateMemberAccount', { memberAccountId });
  const second = aws.call('AssociateMemberAccount', { memberAccountId: '333333333333' });
  expect(await errorOf(second)).toMatchObject({ name: 'LimitExceededException', resourceType: 'MemberAccount' });
});

test('all pages together are the list, each once', async () => {
  const aws = await MacieClassicBed.start();
  const ids = Array.from({ length: 600 }, (_, i) => String(500_000_000_000 + i));
  for (const id of ids) aws.macie.addMember(aws.state(), id);
  const found: string[] = [];
  let nextToken: string | undefined;
  const sizes: number[] = [];
  do {
    const page = await aws.call('ListMemberAccounts', { nextToken });
    found.push(...page.memberAccounts.map(({ accountId }: { accountId: string }) => accountId));
    sizes.push(page.memberAccounts.length);
    nextToken = page.nextToken;
    expect((nextToken ?? '').length).toBeLessThanOrEqual(500);
  } while (nextToken !== undefined);
  expect(found.sort()).toEqual([ACCOUNT, ...ids]);
  expect(sizes).toEqual([250, 250, 101]);
});

test('a token is good for its own request only', async () => {
  const aws = await MacieClassicBed.start();
  aws.macie.addMember(aws.state(), OTHER_ACCOUNT);
  const { nextToken } = await aws.call('ListMemberAccounts', { maxResults: 1 });
  for (const wrong of [
    aws.call('ListS3Resources', { nextToken }),
    aws.call('ListMemberAccounts', { nextToken }, '333333333333'),
    aws.call('ListMemberAccounts', { nextToken: `${nextToken}0` }),
  ]) {
    expect(await errorOf(wrong)).toMatchObject(failure(/nextToken/));
  }
});

test.each([0, 251, -1])('maxResults of %d is refused', async (maxResults) => {
  const aws = await MacieClassicBed.start();
  const { name } = await errorOf(aws.call('ListMemberAccounts', { maxResults }));
  expect(name).toBe(maxResults > 250 ? 'ValidationException' : 'InvalidInputException');
});
