import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Request, Session } from '../../../sandbox/control/session';
import { Assemblies, failing, topic } from './assembly';

const assemblies = new Assemblies();
afterAll(() => assemblies.remove());

let session: Session;

beforeEach(async () => {
  session = await Session.start({});
});

afterEach(() => session.sandbox.stop());

async function run(request: Request) {
  const lines: string[] = [];
  const succeeded = await session.carryOut(request, (line) => lines.push(...line.split('\n')), false);
  return { succeeded, lines, text: lines.join('\n') };
}

test('a deployment shows its events, its outputs and what is left', async () => {
  const template = { Outputs: { Greeting: { Value: 'hello' } } };
  const assembly = assemblies.write({ App: { News: topic('news') } }, template);
  const { succeeded, lines, text } = await run({ command: 'deploy', assembly });
  expect(succeeded).toBe(true);
  expect(lines[0]).toMatch(/^ +\+00:00 {2}App +CREATE_IN_PROGRESS +App +AWS::CloudFormation::Stack +User Initiated$/);
  expect(text).toMatch(
    /CREATE_COMPLETE +App +AWS::CloudFormation::Stack\noutput App.Greeting = hello\n\nvirtual time /,
  );
  expect(text).toMatch(/\nleft +1\n {2}topic news$/);
});

test('each request shows its own events and calls only', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  await run({ command: 'deploy', assembly });
  const { lines } = await run({ command: 'destroy', assembly });
  expect(lines.filter((line) => line.includes('CREATE'))).toEqual([]);
  expect(lines.filter((line) => / DELETE_COMPLETE +App /.test(line))).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/^left +nothing$/);
});

test('what is up to date, and what is not there, is told', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  expect((await run({ command: 'destroy', assembly })).lines[0]).toBe('none of these stacks is there');
  await run({ command: 'deploy', assembly });
  expect(await run({ command: 'deploy', assembly })).toMatchObject({
    succeeded: true,
    lines: expect.arrayContaining(['App is up to date']),
  });
});

test('a failure is told with its first reason, and the stacks behind it are not deployed', async () => {
  const assembly = assemblies.write({ App: { Bad: failing('no luck') }, Next: { News: topic('news') } });
  const { succeeded, lines, text } = await run({ command: 'deploy', assembly });
  expect(succeeded).toBe(false);
  expect(lines).toContain('App is in ROLLBACK_COMPLETE: Bad: no luck');
  expect(text).not.toContain('Next');
});

test('without rollback a failed deployment leaves what it has made', async () => {
  const assembly = assemblies.write({ App: { Bad: failing('no luck'), News: topic('news') } });
  const { lines } = await run({ command: 'deploy', assembly, options: { disableRollback: true } });
  expect(lines).toContain('App is in CREATE_FAILED: Bad: no luck');
  expect(lines).toContain('  topic news');
});

test('only the stacks that are named are deployed, with their parameters', async () => {
  const template = { Parameters: { P: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'P' } } } };
  const assembly = assemblies.write({ One: { News: topic('one') }, Two: { News: topic('two') } }, template);
  const { lines } = await run({ command: 'deploy', assembly, options: { stacks: ['Two'], parameters: { P: 'v' } } });
  expect(lines.filter((line) => line.startsWith('output'))).toEqual(['output Two.O = v']);
});

test('the inventory is that of all accounts and regions, without a run', async () => {
  expect(await run({ command: 'inventory' })).toMatchObject({ succeeded: true, lines: ['standing      nothing'] });
  const assembly = assemblies.write({ App: { T: topic('a') }, 'Far@222222222222/us-east-1': { T: topic('b') } });
  await run({ command: 'deploy', assembly });
  expect((await run({ command: 'inventory' })).lines).toEqual([
    'standing      2',
    '  222222222222/us-east-1  topic b',
    '  topic a',
  ]);
});

test('requests are carried out one after the other', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  const both = await Promise.all([run({ command: 'deploy', assembly }), run({ command: 'destroy', assembly })]);
  expect(both.map(({ succeeded }) => succeeded)).toEqual([true, true]);
  expect(both[1].lines[0]).toContain('DELETE_IN_PROGRESS');
});

test.each<[string, () => string | undefined, string]>([
  ['no folder', () => undefined, 'deploy needs the folder of a cloud assembly'],
  ['a folder that is not there', () => '/no/such/folder', 'there is no folder /no/such/folder: synthesize the app'],
  ['a folder of something else', () => assemblies.folder, 'is not a cloud assembly, it has no manifest.json'],
  [
    'a file',
    () => path.join(assemblies.write({ App: {} }), 'manifest.json'),
    'manifest.json is a file: name the folder',
  ],
])('%s is refused, and the next request is carried out', async (_what, assembly, message) => {
  await expect(run({ command: 'deploy', assembly: assembly() })).rejects.toThrow(message);
  expect((await run({ command: 'inventory' })).succeeded).toBe(true);
});

test('a stack or a parameter that the assembly does not have is refused', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  const asked = (options: object) => run({ command: 'deploy', assembly, options });
  await expect(asked({ stacks: ['Ap'] })).rejects.toThrow(`no stack Ap in ${assembly}; it has App`);
  await expect(asked({ parameters: { Nope: '1' } })).rejects.toThrow('Parameters: [Nope] do not exist');
});

test('a manifest that cannot be read is refused', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  writeFileSync(path.join(assembly, 'manifest.json'), '{');
  await expect(run({ command: 'deploy', assembly })).rejects.toThrow('JSON');
});
