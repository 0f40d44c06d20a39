import { perform } from '../../../../sandbox/endpoint/performance';
import { type Change, PLACE, SchedulerBed } from './bed';

async function call(bed: SchedulerBed, operation: string, input: object) {
  const { lab, scheduler } = bed;
  const { accessKeyId } = lab.credentials.forAccount(PLACE.accountId);
  const principal = lab.credentials.find(accessKeyId)!.principal;
  const request = { world: lab.world, principal, ...PLACE, requestId: 'r' };
  return perform(scheduler, operation, input, request, lab.iam);
}

test('a schedule is described', async () => {
  const bed = new SchedulerBed();
  const { arn } = bed.create('s', { description: 'polls', windowMinutes: 5, target: { input: '{}' } });
  const { output } = await call(bed, 'GetSchedule', { Name: 's' });
  expect(output).toEqual({
    Arn: arn,
    GroupName: 'default',
    Name: 's',
    Description: 'polls',
    State: 'ENABLED',
    ScheduleExpression: 'cron(* * * * ? *)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
    Target: {
      Arn: bed.functionArn,
      RoleArn: bed.roleArn,
      Input: '{}',
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
    CreationDate: new Date('2030-01-01'),
    LastModificationDate: new Date('2030-01-01'),
  });
  expect((await call(bed, 'GetSchedule', { Name: 'x' })).error?.code).toBe('ResourceNotFoundException');
});

test('schedules are listed in pages, by group, prefix and state', async () => {
  const bed = new SchedulerBed();
  bed.scheduler.schedules.createGroup(PLACE, 'g');
  for (const name of ['a1', 'a2', 'b1']) bed.create(name, { state: name === 'a2' ? 'DISABLED' : 'ENABLED' });
  bed.scheduler.schedules.create({ ...PLACE, group: 'g', name: 'a1' }, bed.definition());
  const names = async (input: object) => {
    const { output, error } = await call(bed, 'ListSchedules', input);
    return (
      error?.code ??
      output.Schedules.map((item: { GroupName: string; Name: string }) => `${item.GroupName}/${item.Name}`)
    );
  };
  expect(await names({})).toEqual(['default/a1', 'default/a2', 'default/b1', 'g/a1']);
  expect(await names({ GroupName: 'g' })).toEqual(['g/a1']);
  expect(await names({ NamePrefix: 'a', State: 'ENABLED' })).toEqual(['default/a1', 'g/a1']);
  expect(await names({ GroupName: 'x' })).toBe('ResourceNotFoundException');
  const { output } = await call(bed, 'ListSchedules', { MaxResults: 3 });
  expect(await names({ NextToken: output.NextToken })).toEqual(['g/a1']);
  expect(await names({ NextToken: 'AAAA' })).toBe('ValidationException');
});

test('names, groups and values are checked', () => {
  const bed = new SchedulerBed();
  const { schedules } = bed.scheduler;
  bed.create('s');
  expect(() => bed.create('s')).toThrow('Schedule s already exists.');
  expect(() => bed.create('s s')).toThrow('schedule name "s s"');
  expect(() => schedules.create({ ...PLACE, group: 'g', name: 's' }, bed.definition())).toThrow(
    'Schedule group g does not exist.',
  );
  expect(() => schedules.createGroup(PLACE, 'default')).toThrow('Schedule group default already exists.');
  expect(() => schedules.delete({ ...PLACE, name: 'x' })).toThrow('Schedule x does not exist.');
});

test.each([
  [{ target: { arn: 'arn:aws:sqs:eu-west-1:111111111111:q' } }, 'invoke Lambda functions only'],
  [{ target: { deadLetterArn: 'q' } }, 'DeadLetterConfig.Arn "q"'],
  [{ target: { retries: { maximumRetryAttempts: 186 } } }, 'MaximumRetryAttempts 186'],
  [{ target: { retries: { maximumEventAgeSeconds: 59 } } }, 'MaximumEventAgeInSeconds 59'],
  [{ windowMinutes: 1441 }, 'MaximumWindowInMinutes 1441'],
  [{ state: 'ON' as never }, 'State "ON"'],
  [{ startDate: 2, endDate: 1 }, 'EndDate must be after StartDate'],
  [{ expression: 'cron(a)' }, 'Invalid Schedule Expression cron(a).'],
] as ReadonlyArray<[Change, string]>)('%j is refused', (more, message) => {
  expect(() => new SchedulerBed().create('s', more)).toThrow(message);
});

test('a role must trust Scheduler, for the group if it says so', () => {
  const bed = new SchedulerBed();
  const stranger = bed.lab.role('stranger', 'lambda.amazonaws.com');
  expect(() => bed.create('s', { target: { roleArn: stranger } })).toThrow('must allow AWS EventBridge Scheduler');
  const trusting = (group: string) =>
    bed.lab.iam.createRole({
      accountId: PLACE.accountId,
      name: `for-${group}`,
      trust: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': PLACE.accountId,
                'aws:SourceArn': `arn:aws:scheduler:${PLACE.region}:${PLACE.accountId}:schedule-group/${group}`,
              },
            },
          },
        ],
      },
    }).arn;
  bed.create('s', { target: { roleArn: trusting('default') } });
  expect(() => bed.create('t', { target: { roleArn: trusting('other') } })).toThrow('to assume the role');
});
