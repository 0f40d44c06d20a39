import { readFileSync } from 'node:fs';
import { Lab } from './lab';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let lab: Lab;

beforeEach(async () => {
  lab = new Lab();
  await lab.endpoint.start();
});

afterEach(() => lab.stop());

describe('a handler', () => {
  test('answers with what it returns', async () => {
    const arn = lab.create('f', 'exports.handler = async (event) => ({ twice: event.n * 2 });');
    expect(await lab.invoke(arn, { n: 21 })).toEqual({ payload: { twice: 42 } });
  });

  test('that returns nothing answers null', async () => {
    const arn = lab.create('f', 'exports.handler = async () => {};');
    expect(await lab.invoke(arn)).toEqual({ payload: null });
  });

  test('that throws answers with type, message and trace', async () => {
    const arn = lab.create('f', 'exports.handler = async () => { throw new RangeError("too far"); };');
    const result = await lab.invoke(arn);
    expect(result).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far' },
    });
    expect(result.payload.trace[0]).toBe('RangeError: too far');
    expect(result.payload.trace[1]).toContain('index.js');
  });

  test('may call back, and answers when nothing is left to do', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = (event, context, callback) => {
         setTimeout(() => {}, 5000);
         callback(null, 'early');
       };`,
    );
    expect(await lab.invoke(arn)).toEqual({ payload: 'early' });
    expect(lab.elapsed).toBe(5000);
  });

  test('may call back and leave the rest for later', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = (event, context, callback) => {
         context.callbackWaitsForEmptyEventLoop = false;
         setTimeout(() => {}, 5000);
         callback(null, 'early');
       };`,
    );
    expect(await lab.invoke(arn)).toEqual({ payload: 'early' });
    expect(lab.elapsed).toBe(0);
  });

  test('may call back with an error', async () => {
    const arn = lab.create('f', 'exports.handler = (event, context, callback) => callback(new TypeError("bad"));');
    expect((await lab.invoke(arn)).payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'bad' });
  });

  test('that waits for nothing answers null', async () => {
    const arn = lab.create('f', 'exports.handler = () => new Promise(() => {});');
    expect(await lab.invoke(arn)).toEqual({ payload: null });
  });

  test('is told about its invocation', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = async (event, context) => {
         await require('node:timers/promises').setTimeout(1000);
         return { ...context, remaining: context.getRemainingTimeInMillis() };
       };`,
      { timeoutSeconds: 10, memoryMb: 256 },
    );
    const { payload } = await lab.invoke(arn);
    expect(payload).toMatchObject({
      functionName: 'f',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/f',
      remaining: 9000,
    });
    expect(payload.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('may be an ES module', async () => {
    const codeDirectory = lab.folder({
      'index.mjs': `import { setTimeout } from 'node:timers/promises';
        import { request } from 'node:http';
        export const handler = async () => { await setTimeout(2000, null); return typeof request; };`,
    });
    expect(await lab.invoke(lab.create('f', '', { codeDirectory }))).toEqual({ payload: 'function' });
    expect(lab.elapsed).toBe(2000);
  });

  test('that cannot be found or loaded is named', async () => {
    const types = async (name: string, code: string, handler: string) =>
      (await lab.invoke(lab.create(name, code, { handler }))).payload.errorType;
    expect(await types('a', 'exports.handler = 1;', 'index.handler')).toBe('Runtime.HandlerNotFound');
    expect(await types('b', '', 'other.handler')).toBe('Runtime.ImportModuleError');
    expect(await types('c', 'exports.handler = {', 'index.handler')).toBe('Runtime.UserCodeSyntaxError');
  });

  test('cannot load what its bundle lacks, except for the SDK', async () => {
    const arn = lab.create('f', `exports.handler = async (event) => { require(event.module); return 'loaded'; };`);
    expect((await lab.invoke(arn, { module: 'constructs' })).payload.errorMessage).toContain(
      "find module 'constructs'",
    );
    expect((await lab.invoke(arn, { module: '@aws-sdk/client-lambda' })).payload).toBe('loaded');
  });
});

describe('a process that ends', () => {
  test('by a signal is a Runtime.ExitError, and the next invocation gets another one', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = async ({ die }) => { if (die) process.kill(process.pid, 'SIGKILL'); return 'alive'; };`,
    );
    const dead = await lab.invoke(arn, { die: true });
    expect(dead).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Runtime.ExitError' } });
    expect(dead.payload.errorMessage).toMatch(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/);
    expect((await lab.invoke(arn)).payload).toBe('alive');
  });

  test('by itself tells its exit status', async () => {
    const arn = lab.create('f', 'exports.handler = async () => { process.exit(3); };');
    expect((await lab.invoke(arn)).payload.errorMessage).toContain('Runtime exited with error: exit status 3');
  });

  test('by an error that nobody caught answers with it', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = ({ kind }) => new Promise(() => {
         if (kind === 'rejection') Promise.reject(new Error('lost'));
         else setTimeout(() => { throw new RangeError('late'); }, 10);
       });`,
    );
    expect((await lab.invoke(arn, { kind: 'rejection' })).payload).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
    expect((await lab.invoke(arn)).payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'late' });
  });

  test('by its time limit, in virtual time', async () => {
    const arn = lab.create('f', 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 10 * 60_000));', {
      timeoutSeconds: 3,
    });
    const { payload, functionError } = await lab.invoke(arn);
    expect(functionError).toBe('Unhandled');
    expect(payload.errorType).toBe('Sandbox.Timedout');
    expect(payload.errorMessage).toMatch(/^2030-01-01T00:00:03.000Z \S+ Task timed out after 3.00 seconds$/);
    expect(lab.elapsed).toBe(3000);
  });
});

describe('processes', () => {
  test('are kept and reused', async () => {
    const arn = lab.create('f', 'let n = 0; exports.handler = async () => [process.pid, ++n];');
    const first = (await lab.invoke(arn)).payload;
    expect((await lab.invoke(arn)).payload).toEqual([first[0], 2]);
  });

  test('run one invocation each, and overlapping ones get more of them', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = async ({ ms }) => { await require('timers/promises').setTimeout(ms); return process.pid; };`,
    );
    const [slow, fast] = await Promise.all([lab.invoke(arn, { ms: 1000 }), lab.invoke(arn, { ms: 10 })]);
    expect(slow.payload).not.toBe(fast.payload);
    expect(lab.elapsed).toBe(1000);
    expect((await lab.invoke(arn, { ms: 0 })).payload).toBe(slow.payload);
  });

  test('are replaced when the function is updated', async () => {
    const arn = lab.create('f', 'exports.handler = async () => process.env.COLOUR;', {
      environment: { COLOUR: 'red' },
    });
    expect((await lab.invoke(arn)).payload).toBe('red');
    lab.functions.update(arn, { environment: { COLOUR: 'blue' } });
    expect((await lab.invoke(arn)).payload).toBe('blue');
  });

  test('are replaced before their credentials expire', async () => {
    const arn = lab.create('f', 'exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;');
    const first = (await lab.invoke(arn)).payload;
    await lab.clock.sleep(11 * 3_600_000);
    expect((await lab.invoke(arn)).payload).toBe(first);
    await lab.clock.sleep(3_600_000);
    expect((await lab.invoke(arn)).payload).not.toBe(first);
  });

  test('see the variables of Lambda and their own, and none of ours', async () => {
    process.env.SECRET_OF_THE_PARENT = 'x';
    const arn = lab.create('f', 'exports.handler = async () => process.env;', { environment: { OWN: '1' } });
    const { payload } = await lab.invoke(arn).finally(() => delete process.env.SECRET_OF_THE_PARENT);
    expect(payload).toMatchObject({ OWN: '1', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: lab.endpoint.url, TZ: 'UTC' });
    const known = /^(AWS_|LAMBDA_TASK_ROOT$|_HANDLER$|NODE_PATH$|PATH$|HOME$|TZ$|LANG$|OWN$)/;
    expect(Object.keys(payload).filter((name) => !known.test(name))).toEqual([]);
  });
});

describe('in a process', () => {
  test('the date is virtual and stands still while it computes', async () => {
    await lab.clock.sleep(86_400_000);
    const arn = lab.create(
      'f',
      `exports.handler = async () => {
         const dates = [new Date(), Date.now(), new Date(0), new Date(2020, 1), Date()];
         const own = new (class extends Date {})();
         return [dates, dates[0] instanceof Date, dates[0].constructor === Date, own.getTime() === Date.now()];
       };`,
    );
    const now = lab.clock.now();
    expect((await lab.invoke(arn)).payload).toEqual([
      [
        new Date(now).toISOString(),
        now,
        '1970-01-01T00:00:00.000Z',
        '2020-02-01T00:00:00.000Z',
        expect.stringContaining('Jan 02 2030'),
      ],
      true,
      true,
      true,
    ]);
  });

  test('every timer is virtual', async () => {
    const arn = lab.create(
      'f',
      `const timers = require('node:timers/promises');
       const { promisify } = require('node:util');
       exports.handler = async () => {
         const seen = [];
         const note = (what) => seen.push(what + '@' + (Date.now() - start));
         const start = Date.now();
         setTimeout(note, 3000, 'callback');
         const cancelled = setTimeout(note, 1000, 'cancelled');
         setTimeout(() => clearTimeout(cancelled), 500);
         setTimeout(note, 1_000_000, 'unreferenced').unref();
         let ticks = 0;
         const interval = setInterval(() => { note('tick'); if (++ticks === 2) clearInterval(interval); }, 700);
         note(await timers.setTimeout(2000, 'promise'));
         await promisify(setTimeout)(1500);
         note('promisified');
         const aborted = await timers.setTimeout(9e6, 1, { signal: abortIn(250) }).catch((error) => error.name);
         note(aborted);
         return seen;
       };
       function abortIn(ms) {
         const controller = new AbortController();
         setTimeout(() => controller.abort(), ms);
         return controller.signal;
       }`,
    );
    expect((await lab.invoke(arn)).payload).toEqual([
      'tick@700',
      'tick@1400',
      'promise@2000',
      'callback@3000',
      'promisified@3500',
      'AbortError@3750',
    ]);
    expect(lab.elapsed).toBe(3750);
  });

  test('work in the thread pool is not mistaken for waiting', async () => {
    const arn = lab.create(
      'f',
      `const { gzip } = require('node:zlib');
       const { webcrypto } = require('node:crypto');
       const { promisify } = require('node:util');
       exports.handler = async () => {
         const deadline = setTimeout(() => {}, 60_000);
         await promisify(gzip)(Buffer.alloc(8_000_000, 'abc'));
         await webcrypto.subtle.digest('SHA-256', Buffer.alloc(8_000_000));
         await require('node:fs/promises').readFile(__filename);
         clearTimeout(deadline);
         return Date.now();
       };`,
    );
    expect((await lab.invoke(arn)).payload).toBe(lab.start);
  });

  test('chance is the same in every run', async () => {
    const arn = lab.create('f', 'exports.handler = async () => [Math.random(), crypto.randomUUID()];');
    const first = (await lab.invoke(arn)).payload;
    const again = new Lab();
    await again.endpoint.start();
    const same = again.create('f', 'exports.handler = async () => [Math.random(), crypto.randomUUID()];');
    expect((await again.invoke(same)).payload).toEqual(first);
    await again.stop();
  });

  test('fetch is refused, as nobody could tell when it waits', async () => {
    const arn = lab.create('f', 'exports.handler = async () => { await fetch("http://localhost"); };');
    expect((await lab.invoke(arn)).payload.errorMessage).toContain('the SDK');
  });

  test('what is printed is kept, with its virtual time', async () => {
    const arn = lab.create(
      'f',
      `exports.handler = async () => {
         console.log('one\\ntwo');
         await require('timers/promises').setTimeout(1000);
         process.stderr.write('three');
       };`,
    );
    await lab.invoke(arn);
    expect(lab.functions.logs.map(({ at, text, functionName }) => [at - lab.start, text, functionName])).toEqual([
      [0, 'one', 'f'],
      [0, 'two', 'f'],
      [1000, 'three', 'f'],
    ]);
    expect(lab.functions.logs[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('an asynchronous invocation', () => {
  const record = `const fs = require('node:fs');
    const note = (id) => fs.appendFileSync(__dirname + '/notes', Date.now() + ' ' + id + '\\n');`;
  const notes = (arn: string) => {
    const folder = lab.functions.get(arn, '', '')?.codeDirectory;
    const lines = readFileSync(`${folder}/notes`, 'utf8').trim().split('\n');
    return lines.map((line) => line.split(' ') as [at: string, what: string]);
  };

  test('that fails is repeated after one and two minutes, with the same request id', async () => {
    const arn = lab.create(
      'f',
      `${record} exports.handler = async (e, c) => { note(c.awsRequestId); throw new Error(); };`,
    );
    lab.functions.invokeAsync(arn, '{}');
    await lab.clock.sleep(3_600_000);
    const seen = notes(arn);
    expect(seen.map(([at]) => Number(at) - lab.start)).toEqual([0, 60_000, 180_000]);
    expect(new Set(seen.map(([, id]) => id)).size).toBe(1);
    expect(lab.functions.invocations).toBe(3);
  });

  test('that succeeds is not repeated', async () => {
    const arn = lab.create('f', `${record} exports.handler = async () => note('once');`);
    lab.functions.invokeAsync(arn, '{}');
    await lab.clock.sleep(3_600_000);
    expect(notes(arn)).toHaveLength(1);
  });

  test('can be delivered twice', async () => {
    const arn = lab.create('f', `${record} exports.handler = async ({ n }) => note(n);`);
    lab.functions.duplicateNextAsync();
    lab.functions.invokeAsync(arn, '{"n":1}');
    lab.functions.invokeAsync(arn, '{"n":2}');
    await lab.clock.sleep(3_600_000);
    expect(notes(arn).map(([, n]) => n)).toEqual(['1', '2', '1']);
  });

  test('of a function that is deleted meanwhile ends', async () => {
    const arn = lab.create('f', 'exports.handler = async () => { throw new Error(); };');
    lab.functions.invokeAsync(arn, '{}');
    await lab.clock.sleep(1000);
    lab.functions.delete(arn);
    await lab.clock.sleep(3_600_000);
    expect(lab.functions.invocations).toBe(1);
  });
});

describe('configuration', () => {
  test('a role that Lambda cannot assume is refused', () => {
    const roleArn = lab.role('other', 'states.amazonaws.com');
    expect(() => lab.create('f', '', { roleArn })).toThrow('cannot be assumed by Lambda');
  });

  test.each([
    [{ timeoutSeconds: 901 }, 'timeout 901'],
    [{ memoryMb: 64 }, 'memory size 64'],
    [{ runtime: 'python3.12' }, 'runtime "python3.12"'],
    [{ environment: { AWS_REGION: 'x' } }, 'reserved: AWS_REGION'],
    [{ environment: { BIG: 'x'.repeat(4096) } }, 'at most 4096'],
  ])('%j is refused', (other, message) => {
    expect(() => lab.create('f', '', other)).toThrow(message);
  });

  test('a name is taken once', () => {
    lab.create('f', '');
    expect(() => lab.create('f', '')).toThrow('Function already exist: f');
  });

  test('a function is found by name, partial ARN and ARN', () => {
    const arn = lab.create('f', '');
    for (const name of ['f', '111111111111:function:f', arn, `${arn}:$LATEST`, 'function:f']) {
      expect(lab.functions.get(name, '111111111111', 'eu-west-1')?.arn).toBe(arn);
    }
    expect(lab.functions.get('f', '222222222222', 'eu-west-1')).toBeUndefined();
  });
});
