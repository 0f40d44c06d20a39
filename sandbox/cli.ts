import { type CommandLine, parseCommandLine, USAGE } from './control/arguments';
import { askRunning } from './control/client';
import { ControlServer } from './control/server';
import { type Request, Session } from './control/session';

async function main(args: readonly string[]): Promise<boolean> {
  // npm runs scripts in the folder of the package; the words mean the folder where the user stands.
  const line = parseCommandLine(args, process.env.INIT_CWD ?? process.cwd());
  if (line.kind === 'here') return runHere(line);
  if (line.kind === 'running') {
    return allOf(line.requests, (request) => askRunning(line.address, request, console.log));
  }
  console.log(USAGE);
  return true;
}

async function runHere({ requests, serve, sandbox }: Extract<CommandLine, { kind: 'here' }>): Promise<boolean> {
  const session = await Session.start(sandbox);
  const interruption = nextInterruption();
  const control = serve === undefined ? undefined : new ControlServer(session);
  try {
    // A port that is taken is told before the deployment, not after it.
    const address = await control?.start(serve?.port);
    const colours = process.stdout.isTTY === true;
    const work = allOf(requests, (request) => session.carryOut(request, console.log, colours));
    const ended = await Promise.race([work, interruption]);
    if (ended === INTERRUPTED) return await endInterrupted(session);
    if (address === undefined) return ended;
    announce(address, session);
    await interruption;
    return ended;
  } finally {
    await control?.stop();
    await session.sandbox.stop();
  }
}

const INTERRUPTED = Symbol('interrupted');

function nextInterruption(): Promise<typeof INTERRUPTED> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(INTERRUPTED));
  });
}

/** What fails because it was cut off here is no news. */
async function endInterrupted(session: Session): Promise<false> {
  console.error('interrupted: the sandbox and all that stood in it are gone');
  await session.sandbox.stop().catch(() => undefined);
  return false;
}

/** One after the other, the later ones also if an earlier one ended badly. */
async function allOf(requests: readonly Request[], carryOut: (request: Request) => Promise<boolean>): Promise<boolean> {
  let succeeded = true;
  for (const request of requests) succeeded = (await carryOut(request)) && succeeded;
  return succeeded;
}

function announce(address: string, session: Session): void {
  const { credentials, endpoint, region } = session.sandbox.clientConfiguration();
  console.log(`control address   ${address}`);
  console.log('for SDK clients and the AWS command line:');
  console.log(`  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}`);
  console.log(
    `  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
  );
  console.log(`  export AWS_SESSION_TOKEN=${credentials.sessionToken}`);
  console.log('stop with Ctrl-C');
}

/** What a user can mend is told in a sentence; a fault of the sandbox needs its trace. */
function isFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, AggregateError].some((type) => error instanceof type);
}

main(process.argv.slice(2)).then(
  // Work that was cut off must not go on.
  (succeeded) => process.exit(succeeded ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error && !isFault(error) ? error.message : error);
    process.exit(2);
  },
);
