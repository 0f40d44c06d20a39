import { Lab } from './lab';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

/** Calls Macie Classic as often as the event says, and tells of the errors. */
const CALLER = `
  const { MacieClient, ListS3ResourcesCommand } = require('@aws-sdk/client-macie');
  exports.handler = async ({ region, times = 1 }) => {
    const client = new MacieClient({ region });
    const outcomes = [];
    for (let i = 0; i < times; i++) {
      outcomes.push(await client.send(new ListS3ResourcesCommand({})).catch((e) => [e.name, e.code, e.message, e.hostname]));
    }
    return outcomes;
  };`;

test('a name that does not resolve is ENOTFOUND from the next invocation on, and the real DNS is not asked', async () => {
  let unresolvable: string[] = [];
  const lab = new Lab(undefined, { unresolvable: () => unresolvable });
  await lab.endpoint.start();
  try {
    const caller = lab.create('caller', CALLER);
    const reached = await lab.invoke(caller, { region: 'eu-west-1' });
    expect(reached.payload[0][2]).toContain("the sandbox has no service 'macie'");

    unresolvable = ['macie'];
    const hostname = 'macie.us-east-1.amazonaws.com';
    const before = lab.elapsed;
    const { payload } = await lab.invoke(caller, { region: 'us-east-1', times: 2 });
    expect(payload).toEqual(Array(2).fill(['Error', 'ENOTFOUND', `getaddrinfo ENOTFOUND ${hostname}`, hostname]));
    expect(lab.elapsed).toBe(before);

    unresolvable = ['macie2'];
    expect((await lab.invoke(caller, { region: 'eu-west-1' })).payload[0][2]).toContain('no service');
  } finally {
    await lab.stop();
  }
});
