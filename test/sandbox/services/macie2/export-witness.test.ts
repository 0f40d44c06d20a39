import { exportWitness } from '../../../../sandbox/services/macie2/export-witness';
import type { Call } from '../../../../sandbox/services/service';
import { ACCOUNT, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

test('keys are those of KMS, until they are gone; buckets those of whoever knows', async () => {
  const aws = await SupportingBed.start();
  const keys = aws.tools.kms;
  const { id, arn, policy } = keys.create(ACCOUNT, REGION, {});
  const bucket = { accountId: ACCOUNT, region: REGION };
  const witness = exportWitness((name) => (name === 'results' ? bucket : undefined), keys);
  const call = { world: aws.world } as Call;
  expect(witness.key(arn, call)).toEqual({
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    enabled: true,
    policy,
  });
  expect(witness.key(`${arn}0`, call)).toBeUndefined();
  keys.scheduleDeletion(ACCOUNT, REGION, id, 7);
  expect(witness.key(arn, call)).toMatchObject({ enabled: false });
  await aws.clock.sleep(7 * 86_400_000);
  expect(witness.key(arn, call)).toBeUndefined();
  expect([witness.bucket('results', call), witness.bucket('none', call)]).toEqual([bucket, undefined]);
});
