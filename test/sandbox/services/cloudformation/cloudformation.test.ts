import { cloudFormationService } from '../../../../sandbox/services/cloudformation/cloudformation';
import { custom, Lab, plain } from '../../cloudformation/lab';

const CALL = { world: { partition: 'aws' }, accountId: '111122223333', region: 'eu-central-1' } as never;

function ask(it: Lab, operation: string, input: object) {
  return cloudFormationService(it.stacks).operations[operation]!.handle(input, null, CALL) as never as Record<
    string,
    Array<Record<string, unknown>>
  >;
}

test('a stack is described by name or id, after its deletion by id alone', async () => {
  const it = new Lab();
  const template = {
    Description: 'a stack',
    Parameters: { Secret: { Type: 'String', Default: 's', NoEcho: true } },
    Outputs: { O: { Value: 'v' } },
  };
  const { stackId } = await it.deploy({ A: plain() }, { template, tags: { team: 'a' } });
  expect(ask(it, 'DescribeStacks', { StackName: 'app' }).Stacks).toEqual([
    expect.objectContaining({
      StackId: stackId,
      StackStatus: 'CREATE_COMPLETE',
      Description: 'a stack',
      CreationTime: new Date(it.stack().creationTime),
      LastUpdatedTime: undefined,
      Parameters: [{ ParameterKey: 'Secret', ParameterValue: '****', ResolvedValue: undefined }],
      Outputs: [{ OutputKey: 'O', OutputValue: 'v', Description: undefined, ExportName: undefined }],
      Tags: [{ Key: 'team', Value: 'a' }],
    }),
  ]);
  await it.delete();
  expect(() => ask(it, 'DescribeStacks', { StackName: 'app' })).toThrow('Stack with id app does not exist');
  expect(ask(it, 'DescribeStacks', { StackName: stackId }).Stacks?.[0]).toMatchObject({
    StackStatus: 'DELETE_COMPLETE',
    DeletionTime: expect.any(Date),
  });
  expect(ask(it, 'DescribeStacks', {}).Stacks).toEqual([]);
});

test('a resource is described while it is created, without an id until it has one', async () => {
  const it = new Lab();
  it.handler = () => ({ afterSeconds: 10 });
  const running = it.deploy({ A: custom({}, { Metadata: { note: 1 } }) });
  await it.clock.sleep(5_000);
  const describe = () =>
    ask(it, 'DescribeStackResource', { StackName: 'app', LogicalResourceId: 'A' }).StackResourceDetail;
  expect(describe()).toMatchObject({
    LogicalResourceId: 'A',
    PhysicalResourceId: undefined,
    ResourceType: 'Custom::Thing',
    ResourceStatus: 'CREATE_IN_PROGRESS',
    Metadata: '{"note":1}',
  });
  await running;
  expect(describe()).toMatchObject({ PhysicalResourceId: 'a-1', ResourceStatus: 'CREATE_COMPLETE' });
  expect(() => ask(it, 'DescribeStackResource', { StackName: 'app', LogicalResourceId: 'B' })).toThrow(
    'Resource B does not exist for stack app',
  );
});

test('events come newest first, a hundred at a time', async () => {
  const it = new Lab();
  const resources = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`R${i}`, plain()]));
  const { events } = await it.deploy(resources);
  const first = ask(it, 'DescribeStackEvents', { StackName: 'app' });
  expect(first.StackEvents?.[0]).toMatchObject({ LogicalResourceId: 'app', ResourceStatus: 'CREATE_COMPLETE' });
  const second = ask(it, 'DescribeStackEvents', { StackName: 'app', NextToken: first.NextToken });
  expect((first.StackEvents?.length ?? 0) + (second.StackEvents?.length ?? 0)).toBe(events.length);
  expect(second.NextToken).toBeUndefined();
});

test('resources are listed, and found by physical id', async () => {
  const it = new Lab();
  await it.deploy({ A: custom(), B: plain() });
  expect(ask(it, 'DescribeStackResources', { StackName: 'app' }).StackResources).toHaveLength(2);
  expect(ask(it, 'DescribeStackResources', { PhysicalResourceId: 'a-1' }).StackResources).toHaveLength(2);
  expect(() => ask(it, 'DescribeStackResources', { PhysicalResourceId: 'x' })).toThrow('Stack for x does not exist');
});

test('permissions are asked on the ARN of the stack', async () => {
  const it = new Lab();
  const { stackId } = await it.deploy({ A: plain() });
  const needed = (StackName?: string) =>
    cloudFormationService(it.stacks).operations.DescribeStacks!.permissions({ StackName }, CALL, null)[0]?.resource;
  expect(needed('app')).toBe(stackId);
  expect(needed(stackId)).toBe(stackId);
  expect(needed('other')).toBe('arn:aws:cloudformation:eu-central-1:111122223333:stack/other/*');
  expect(needed()).toBe('*');
});
