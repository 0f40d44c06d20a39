import path from 'node:path';
import { parseArgs } from 'node:util';
import { askRunning } from './control/client';
import { ControlServer } from './control/server';
import { type Request, Session } from './control/session';

const USAGE = `usage:
  npm run sandbox -- deploy <cdk.out> [options]     deploy the stacks of a cloud assembly
  npm run sandbox -- destroy <cdk.out> --to <url>   delete them from a sandbox that is kept running
  npm run sandbox -- inventory --to <url>           what stands in its account
  npm run sandbox -- serve [options]                keep a sandbox running

options:
  --stack <name>             only this stack; may be repeated
  --parameter <name=value>   value of a template parameter; may be repeated
  --no-rollback              leave what a failed deployment has made
  --destroy                  delete the stacks after the deployment
  --serve                    keep the sandbox running after the deployment
  --to <url>                 use the sandbox that is kept running at this control address
  --port <number>            control port of a sandbox that is kept running (default: any free one)
  --seed <number>            of latencies, ids and names (default 1)
  --account <id>             default account (default 111111111111)
  --region <name>            default region (default eu-central-1)`;

const OPTIONS = {
  stack: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  'no-rollback': { type: 'boolean' },
  destroy: { type: 'boolean' },
  serve: { type: 'boolean' },
  to: { type: 'string' },
  port: { type: 'string' },
  seed: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const COMMANDS: readonly string[] = ['deploy', 'destroy', 'inventory', 'serve'];

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  return parseArgs({ args, options: OPTIONS, allowPositionals: true });
}

async function main(args: string[]): Promise<boolean> {
  const { values, positionals } = parse(args);
  const [command = '', assembly] = positionals;
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  if (!COMMANDS.includes(command)) throw new Error(`unknown command "${command}"\n${USAGE}`);
  const request = requestOf(command, assembly, values);
  if (values.to !== undefined && request !== undefined) return askRunning(values.to, request, console.log);
  if (command === 'destroy' || command === 'inventory') {
    throw new Error(`${command} is for a sandbox that is kept running: name its control address with --to <url>`);
  }
  return runHere(request, values);
}

/** The request that the words come to; undefined for `serve`, which begins with none. */
function requestOf(command: string, assembly: string | undefined, values: Values): Request | undefined {
  if (command === 'serve') return undefined;
  return {
    command: command as Request['command'],
    assembly: assembly === undefined ? undefined : path.resolve(assembly),
    options: {
      stacks: values.stack,
      parameters: Object.fromEntries((values.parameter ?? []).map(parameterOf)),
      disableRollback: values['no-rollback'],
    },
  };
}

function parameterOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--parameter must have the form name=value, got "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function runHere(request: Request | undefined, values: Values): Promise<boolean> {
  const session = await Session.start({
    seed: numberOf('seed', values.seed),
    accountId: values.account,
    region: values.region,
  });
  let succeeded = true;
  try {
    const colours = process.stdout.isTTY === true;
    if (request !== undefined) succeeded = await session.carryOut(request, console.log, colours);
    if (request !== undefined && values.destroy) {
      succeeded = (await session.carryOut({ ...request, command: 'destroy' }, console.log, colours)) && succeeded;
    }
    if (request === undefined || values.serve) await serve(session, numberOf('port', values.port));
  } finally {
    await session.sandbox.stop();
  }
  return succeeded;
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, got "${text}"`);
  return Number(text);
}

/** Keeps the sandbox until it is interrupted. */
async function serve(session: Session, port: number | undefined): Promise<void> {
  const control = new ControlServer(session);
  const address = await control.start(port);
  const { credentials, endpoint, region } = session.sandbox.clientConfiguration();
  console.log(`control address   ${address}`);
  console.log('for SDK clients and the AWS command line:');
  console.log(`  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}`);
  console.log(
    `  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
  );
  console.log(`  export AWS_SESSION_TOKEN=${credentials.sessionToken}`);
  console.log('stop with Ctrl-C');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await control.stop();
}

main(process.argv.slice(2)).then(
  (succeeded) => {
    process.exitCode = succeeded ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
