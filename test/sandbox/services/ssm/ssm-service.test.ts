import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { ACCOUNT, allow, errorOf, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

async function start() {
  const bed = await SupportingBed.start();
  const client = new SSMClient(bed.admin());
  const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
    client.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...more }));
  const get = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter;
  return { bed, client, put, get };
}

const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;

test('a parameter is put, overwritten in a new version, and deleted', async () => {
  const { bed, client, put, get } = await start();
  expect(await put('/hsm/anchor')).toMatchObject({ Version: 1, Tier: 'Standard' });
  expect(await get('/hsm/anchor')).toMatchObject({ Value: 'v', Version: 1, Type: 'String', ARN: arnOf('/hsm/anchor') });
  expect((await errorOf(put('/hsm/anchor'))).name).toBe('ParameterAlreadyExists');
  expect(await put('/hsm/anchor', { Value: 'w', Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
  expect(await get('/hsm/anchor:1')).toMatchObject({ Value: 'v', Selector: ':1' });
  expect((await errorOf(get('/hsm/anchor:3'))).name).toBe('ParameterVersionNotFound');
  const state = bed.tools.parameters.state(ACCOUNT, REGION);
  expect(bed.supporting.ssm.inventory(state)).toEqual(['parameter /hsm/anchor']);
  await client.send(new DeleteParameterCommand({ Name: '/hsm/anchor' }));
  expect((await errorOf(get('/hsm/anchor'))).name).toBe('ParameterNotFound');
  expect((await errorOf(client.send(new DeleteParameterCommand({ Name: '/hsm/anchor' })))).name).toBe(
    'ParameterNotFound',
  );
});

test('several are read at once, and those that are missing are named', async () => {
  const { client, put } = await start();
  await put('/a');
  await put('/b', { Value: 'x,y', Type: 'StringList' });
  const { Parameters, InvalidParameters } = await client.send(
    new GetParametersCommand({ Names: ['/b', '/none', '/a'] }),
  );
  expect(Parameters?.map(({ Name, Value }) => [Name, Value])).toEqual([
    ['/b', 'x,y'],
    ['/a', 'v'],
  ]);
  expect(InvalidParameters).toEqual(['/none']);
});

test('a standard parameter holds 4 KB, an advanced one 8 KB, and there is no way back', async () => {
  const { put } = await start();
  const bytes = (count: number) => 'x'.repeat(count);
  await put('/a', { Value: bytes(4096) });
  expect(await errorOf(put('/a', { Value: bytes(4097), Overwrite: true }))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('maximum parameter value of 4096 characters'),
  });
  expect(await put('/a', { Value: bytes(8192), Overwrite: true, Tier: 'Advanced' })).toMatchObject({
    Tier: 'Advanced',
  });
  expect((await errorOf(put('/a', { Value: bytes(8193), Overwrite: true }))).message).toContain('8192');
  expect((await errorOf(put('/a', { Overwrite: true, Tier: 'Standard' }))).message).toContain('downgrade');
  expect(await put('/b', { Value: bytes(5000), Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
  expect(await put('/c', { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Standard' });
});

test('tags are given at the beginning or later, never with an overwrite', async () => {
  const { client, put } = await start();
  const Tags = [{ Key: 'owner', Value: 'me' }];
  await put('/a', { Tags });
  const resource = { ResourceType: 'Parameter', ResourceId: '/a' } as const;
  await client.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'b', Value: '2' }] }));
  const { TagList } = await client.send(new ListTagsForResourceCommand(resource));
  expect(TagList).toEqual([...Tags, { Key: 'b', Value: '2' }]);
  expect((await errorOf(put('/a', { Tags, Overwrite: true }))).message).toContain("can't be used together");
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  expect((await errorOf(put('/b', { Tags: many }))).name).toBe('TooManyTagsError');
  expect((await errorOf(client.send(new ListTagsForResourceCommand({ ...resource, ResourceId: '/none' })))).name).toBe(
    'InvalidResourceId',
  );
});

test.each([
  ['aws-thing', 'AccessDeniedException'],
  ['/ssm/thing', 'AccessDeniedException'],
  ['a/b', 'ValidationException'],
  ['/a b', 'ValidationException'],
  ['/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16', 'HierarchyLevelLimitExceededException'],
])('%s is no name for a parameter', async (name, error) => {
  const { put } = await start();
  expect((await errorOf(put(name))).name).toBe(error);
});

test('a parameter keeps its type and its pattern', async () => {
  const { put } = await start();
  expect((await errorOf(put('/a', { Type: undefined }))).message).toContain('type is required');
  await put('/a');
  const changed = await errorOf(put('/a', { Type: 'StringList', Overwrite: true }));
  expect(changed.name).toBe('HierarchyTypeMismatchException');
  expect((await errorOf(put('/b', { AllowedPattern: '\\d+' }))).name).toBe('ParameterPatternMismatchException');
});

test('calls need permissions on the parameter, whose slash is not doubled', async () => {
  const { bed, put } = await start();
  await put('/mine', { Tags: [{ Key: 'owner', Value: 'me' }] });
  await put('/other');
  const tagged = { StringEquals: { 'aws:ResourceTag/owner': 'me' } };
  const client = new SSMClient(
    bed.as(
      'Reader',
      allow('ssm:GetParameter', arnOf('/mine')),
      allow('ssm:DeleteParameter', '*', tagged),
      allow('ssm:PutParameter'),
    ),
  );
  await client.send(new GetParameterCommand({ Name: '/mine' }));
  const denied = async (promise: Promise<unknown>) =>
    expect((await errorOf(promise)).name).toBe('AccessDeniedException');
  await denied(client.send(new GetParameterCommand({ Name: '/other' })));
  await denied(client.send(new DeleteParameterCommand({ Name: '/other' })));
  await client.send(new DeleteParameterCommand({ Name: '/mine' }));
  const untagged = { Name: '/new', Value: 'v', Type: 'String' } as const;
  await client.send(new PutParameterCommand(untagged));
  await denied(client.send(new PutParameterCommand({ ...untagged, Name: '/new2', Tags: [{ Key: 'a', Value: 'b' }] })));
});
