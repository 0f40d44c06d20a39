import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import type { SandboxOptions } from '../../sandbox/sandbox';
import { macieclassic, sts } from '../../src';
import { actionsOf, statementsOf, synthesize } from '../support/synthesis';
import { expectEverythingGone, expectNothingLeft, leftovers } from './leftovers';
import {
  ADMINISTRATOR,
  associated,
  both,
  buckets,
  classicState,
  FULL,
  MEMBER,
  macieCalls,
  macieWrites,
  member,
  set,
  usedActions,
} from './macie-bed';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

const start = (macieClassic: SandboxOptions['macieClassic'] = {}) =>
  Testbed.start({ macieClassic: { handshake: 'none', ...macieClassic } });

/** Somebody else's association. */
function given(bed: Testbed, bucketName: string, oneTime: 'FULL' | 'NONE' = 'NONE'): string {
  bed.sandbox.macieClassic.associate(classicState(bed), { accountId: ADMINISTRATOR, bucketName, oneTime });
  return `macie classic s3 resource ${ADMINISTRATOR}/${bucketName}`;
}

function refuse(bed: Testbed, bucketName: string, operation: string): () => void {
  const failure = { bucketName, operation, code: 'InvalidInputException', message: `no ${bucketName} today` };
  return bed.sandbox.macieClassic.fail(classicState(bed), failure);
}

describe('a set of S3 resources', () => {
  test('of a thousand takes four calls of 250 to create, one to change one of them, and four to delete', async () => {
    const bed = await start();
    const thousand = buckets(1000);
    const { status, outputs } = await bed.deploy((stack) => {
      const made = new macieclassic.S3ResourceAssociations(stack, 'Set', { resources: thousand });
      new CfnOutput(stack, 'Count', { value: made.resourceCount });
      new CfnOutput(stack, 'Given', { value: made.preExistingCount });
    });
    expect([status, outputs]).toEqual(['CREATE_COMPLETE', { Count: '1000', Given: '0' }]);
    expect(macieWrites(bed)).toEqual(Array(4).fill('AssociateS3Resources 250'));
    expect(associated(bed)).toHaveLength(1000);

    const changed = [...thousand.slice(1), { bucketName: 'bucket-0', classificationType: FULL }];
    expect((await bed.deploy(set(changed))).status).toBe('UPDATE_COMPLETE');
    expect(macieWrites(bed, 4)).toEqual(['UpdateS3Resources 1']);
    expect(associated(bed).filter((each) => each.endsWith('FULL'))).toEqual(['bucket-0 FULL']);

    await expectNothingLeft(bed);
    expect(macieWrites(bed, 5)).toEqual(Array(4).fill('DisassociateS3Resources 250'));
  });

  test('of 300 is updated by difference: changed, then associated, then disassociated, one call each', async () => {
    const bed = await start();
    const [first, second, ...others] = buckets(300);
    await bed.deploy(set([first!, second!, ...others]));
    expect(macieWrites(bed)).toEqual(['AssociateS3Resources 250', 'AssociateS3Resources 50']);
    await bed.deploy(set([...others, { bucketName: 'new' }, { ...second!, classificationType: FULL }]));
    expect(macieWrites(bed, 2)).toEqual(['UpdateS3Resources 1', 'AssociateS3Resources 1', 'DisassociateS3Resources 1']);
    expect(associated(bed)).toHaveLength(300);
    expect(associated(bed)).toEqual(expect.arrayContaining(['bucket-1 FULL', 'new']));
    expect(associated(bed)).not.toContain('bucket-0');

    // In another order it is the same set.
    await bed.deploy(set([{ ...second!, classificationType: FULL }, { bucketName: 'new' }, ...others]));
    expect(macieWrites(bed, 5)).toEqual([]);
    await expectNothingLeft(bed);
  });

  test('goes back to the whole bucket and to the default classification when both are left out', async () => {
    const bed = await start();
    await bed.deploy(
      set([
        { bucketName: 'logs', prefix: 'a/' },
        { bucketName: 'mail', classificationType: FULL },
      ]),
    );
    expect(associated(bed)).toEqual(['logs/a/', 'mail FULL']);
    await bed.deploy(set([{ bucketName: 'logs' }, { bucketName: 'mail' }]));
    expect(associated(bed)).toEqual(['logs', 'mail']);
    expect(macieWrites(bed, 1)).toEqual(['UpdateS3Resources 1', 'AssociateS3Resources 1', 'DisassociateS3Resources 1']);
    await expectNothingLeft(bed);
  });

  test('that is retained stays associated', async () => {
    const bed = await start();
    await bed.deploy(set(buckets(2), { removalPolicy: RemovalPolicy.RETAIN }));
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(associated(bed)).toEqual(['bucket-0', 'bucket-1']);
  });

  test('whose association loses its answer is complete, although Macie refuses a repetition', async () => {
    const bed = await start();
    bed.sandbox.faults.add({ match: { service: 'macie', operation: 'AssociateS3Resources' }, kind: 'cut-after' });
    expect((await bed.deploy(set(buckets(2)))).status).toBe('CREATE_COMPLETE');
    expect(bed.sandbox.faults.unused()).toEqual([]);
    await expectNothingLeft(bed);
  });
});

describe('a partial failure', () => {
  test('of a creation names every refused item of every call, and the rollback leaves nothing', async () => {
    const bed = await start();
    for (const name of ['bucket-3', 'bucket-7', 'bucket-280']) refuse(bed, name, 'AssociateS3Resources');
    const result = await bed.deploy(set(buckets(300)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    const reason = failureReason(result);
    expect(reason).toMatch(/has refused 3 of the associations/);
    for (const name of ['bucket-3', 'bucket-7', 'bucket-280']) expect(reason).toContain(`no ${name} today`);
    expect(associated(bed)).toEqual([]);
    await expectNothingLeft(bed);
  });

  test('of an update is rolled back to what was there before', async () => {
    const bed = await start();
    await bed.deploy(set([{ bucketName: 'old' }, { bucketName: 'kept' }]));
    refuse(bed, 'bad', 'AssociateS3Resources');
    const wanted = [{ bucketName: 'kept', classificationType: FULL }, { bucketName: 'bad' }, { bucketName: 'good' }];
    const result = await bed.deploy(set(wanted));
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/refused 1 of the associations: bad \(InvalidInputException: no bad today\)/);
    await bed.settle();
    expect(associated(bed)).toEqual(['kept', 'old']);
    await expectNothingLeft(bed);
  });

  test('of an update whose rollback is refused, too, is told, and the rollback can be continued', async () => {
    const bed = await start();
    await bed.deploy(set([{ bucketName: 'old' }]));
    refuse(bed, 'bad', 'AssociateS3Resources');
    const heal = refuse(bed, 'good', 'DisassociateS3Resources');
    const result = await bed.deploy(set([{ bucketName: 'bad' }, { bucketName: 'good' }]));
    expect(result.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(result.events.map(({ reason = '' }) => reason).join()).toContain('no good today');
    heal();
    const { stacks, accountId, region } = bed.sandbox;
    expect((await stacks.continueRollback('App', accountId, region)).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(associated(bed)).toEqual(['old']);
    await expectNothingLeft(bed);
  });
});

describe('associations that were there before', () => {
  test('are told of, left as they are, and kept when the set is deleted', async () => {
    const bed = await start();
    const existing = given(bed, 'bucket-1');
    const { status, outputs } = await bed.deploy((stack) => {
      const made = new macieclassic.S3ResourceAssociations(stack, 'Set', { resources: buckets(3) });
      new CfnOutput(stack, 'Given', { value: made.preExistingCount });
    });
    expect([status, outputs]).toEqual(['CREATE_COMPLETE', { Given: '1' }]);
    expect(macieWrites(bed)).toEqual(['AssociateS3Resources 2']);
    await expectNothingLeft(bed, [existing]);
  });

  test('are kept when they leave the set, and changed when the template itself changes them', async () => {
    const bed = await start();
    const left = given(bed, 'bucket-0');
    const changed = given(bed, 'bucket-1');
    await bed.deploy(set(buckets(3)));
    await bed.deploy(set([{ bucketName: 'bucket-1', classificationType: FULL }, { bucketName: 'bucket-2' }]));
    expect(associated(bed)).toEqual(['bucket-0', 'bucket-1 FULL', 'bucket-2']);
    await expectNothingLeft(bed, [left, changed]);
  });

  test('with another classification fail the creation, which says what they have, and stay', async () => {
    const bed = await start();
    const existing = given(bed, 'bucket-1', 'FULL');
    const result = await bed.deploy(set(buckets(3)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/bucket-1 has continuous FULL, one-time FULL and is to have .*NONE/);
    expect(macieWrites(bed)).toEqual([]);
    await expectNothingLeft(bed, [existing]);
    expect(associated(bed)).toEqual(['bucket-1 FULL']);
  });
});

describe('a member account', () => {
  test('is complete only when lists show it, before what depends on it, and deleted only when they do not', async () => {
    const bed = await start({ memberLagSeconds: 40 });
    const { clock } = bed.sandbox;
    const before = clock.now();
    const result = await bed.deploy((stack) => {
      const made = new macieclassic.MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER });
      new macieclassic.S3ResourceAssociation(stack, 'Theirs', {
        memberAccountId: made.memberAccountId,
        bucketName: 'theirs',
      });
    });
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(clock.now() - before).toBeGreaterThan(40_000);
    // Until it is shown, it is asked for again, which Macie accepts.
    expect([...new Set(macieWrites(bed))]).toEqual(['AssociateMemberAccount', 'AssociateS3Resources 1']);
    const [writes, since] = [macieWrites(bed).length, clock.now()];
    await expectNothingLeft(bed);
    expect(clock.now() - since).toBeGreaterThan(40_000);
    const removals = new Set(macieWrites(bed, writes));
    expect([...removals]).toEqual(['DisassociateS3Resources 1', 'DisassociateMemberAccount']);
  });

  test('whose function dies as soon as it is associated is none after the rollback, although lists lag', async () => {
    const bed = await start({ memberLagSeconds: 10 });
    const operation = 'AssociateMemberAccount';
    bed.sandbox.faults.add({ match: { service: 'macie', operation }, kind: 'kill-after' });
    expect((await bed.deploy(member())).status).toBe('ROLLBACK_COMPLETE');
    expect(bed.sandbox.faults.unused()).toEqual([]);
    await expectNothingLeft(bed);
  });

  test('that was a member before stays one', async () => {
    const bed = await start();
    bed.sandbox.macieClassic.addMember(classicState(bed), MEMBER);
    expect((await bed.deploy(member())).status).toBe('CREATE_COMPLETE');
    await expectNothingLeft(bed, [`macie classic member ${MEMBER}`]);
    expect(macieWrites(bed)).toEqual([]);
  });

  test('without a handshake role is refused with that word, and leaves nothing', async () => {
    const bed = await start({ handshake: 'iam' });
    const result = await bed.deploy(member());
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/222222222222 has no handshake role/);
    await expectNothingLeft(bed);
  });

  test('that is none, and whose bucket is to be associated, is told with the remedy', async () => {
    const bed = await start();
    const result = await bed.deploy(set(buckets(1), { memberAccountId: MEMBER }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(
      /222222222222 is not associated with Macie Classic.*MemberAccountAssociation/,
    );
    await expectNothingLeft(bed);
  });
});

describe('a cancelled creation', () => {
  test('leaves nothing, neither of its first call nor of the second, although the id is made up', async () => {
    const bed = await start();
    const result = await bed.deploy(set(buckets(300)), {
      cancelWhen: (what) => 'operation' in what && what.operation === 'AssociateS3Resources',
    });
    // Who cancels a creation deletes the stack.
    expect(result.status).toBe('DELETE_COMPLETE');
    expect(result.events.map(({ physicalId }) => physicalId)).toContainEqual(expect.stringMatching(/^App-Set/));
    await expectEverythingGone(bed);
    expect(associated(bed)).toEqual([]);
  });

  test('whose sibling fails leaves what was there before', async () => {
    const bed = await start({ resourceLagSeconds: 10 });
    const existing = given(bed, 'bucket-1');
    const result = await bed.deploy(both(set(buckets(3)), (stack) => void failing(stack, 'create', 25)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    await bed.settle();
    expect(macieWrites(bed)).toContain('AssociateS3Resources 2');
    await expectEverythingGone(bed, [existing]);
  });
});

describe('without Macie Classic', () => {
  test.each([
    ['which AWS has taken away', (bed: Testbed) => bed.sandbox.macieClassic.decommission()],
    ['which is not enabled', (bed: Testbed) => bed.sandbox.macieClassic.enable(classicState(bed), false)],
  ])('%s, a creation fails and names the successor', async (_what, take) => {
    const bed = await start();
    take(bed);
    const result = await bed.deploy(set(buckets(1)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/AWS has discontinued Macie Classic.*macie\.ClassificationJob/);
    await expectNothingLeft(bed);
  });

  test('a deletion is complete, and so is the record gone', async () => {
    const bed = await start();
    await bed.deploy(both(set(buckets(1)), member()));
    bed.sandbox.macieClassic.decommission();
    const before = bed.sandbox.clock.now();
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bed.sandbox.clock.now() - before).toBeLessThan(120_000);
    // What Macie Classic itself would remember is out of reach.
    expect(leftovers(bed).filter((line) => !line.startsWith('macie classic'))).toEqual([]);
  });
});

test.each(['call', 'item'] as const)(
  'a quota that refuses a %s fails at once and is not tried again',
  async (whole) => {
    const bed = await start({ quotas: { s3Resources: 1 }, quotaRefuses: whole });
    const before = bed.sandbox.clock.now();
    const result = await bed.deploy(set(buckets(2)));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(/LimitExceededException/);
    expect(bed.sandbox.clock.now() - before).toBeLessThan(300_000);
    expect(macieCalls(bed).filter(({ operation }) => operation === 'AssociateS3Resources')).toHaveLength(1);
    await expectNothingLeft(bed);
  },
);

test('with a role, associations and their record are made and removed in another administrator account', async () => {
  const bed = await start();
  const role = bed.sandbox.iam.createRole({
    accountId: MEMBER,
    name: 'Administrator',
    trust: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ADMINISTRATOR}:root` }, Action: 'sts:AssumeRole' },
      ],
    },
    inlinePolicies: { Macie: { Statement: [{ Effect: 'Allow', Action: ['macie:*', 'ssm:*'], Resource: '*' }] } },
  });
  const assumeRole = sts.RoleAssumption.fromRoleArn(role.arn, { region: 'us-east-1' });
  expect((await bed.deploy(set(buckets(2), { assumeRole }))).status).toBe('CREATE_COMPLETE');
  expect(associated(bed)).toEqual([]);
  expect(associated(bed, MEMBER, 'us-east-1')).toEqual(['bucket-0', 'bucket-1']);
  expect(leftovers(bed, MEMBER, 'us-east-1')).toHaveLength(3);
  await expectNothingLeft(bed);
  expect(leftovers(bed, MEMBER, 'us-east-1')).toEqual([]);
});

test('what handlers are granted of Macie Classic and Parameter Store is what they use', async () => {
  const bed = await start();
  const builds = [buckets(2), [{ bucketName: 'bucket-0', classificationType: FULL }]].map((resources) =>
    both(member(), set(resources)),
  );
  for (const build of builds) await bed.deploy(build);
  await expectNothingLeft(bed);
  const ours = /^(macie|ssm):/;
  const granted = actionsOf(statementsOf(synthesize(builds[0]!), 'CdkSettledMacieClassicProviderRole'));
  expect(usedActions(bed, ours)).toEqual(granted.filter((action) => ours.test(action)));
});
