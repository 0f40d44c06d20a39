import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SandboxOptions } from '../sandbox';
import type { Request } from './session';

export const USAGE = `usage:
  npm run sandbox -- deploy <cdk.out> [options]     deploy the stacks of a cloud assembly
  npm run sandbox -- destroy <cdk.out> --to <url>   delete them from a sandbox that is kept running
  npm run sandbox -- inventory --to <url>           what stands in its accounts
  npm run sandbox -- serve [options]                keep a sandbox running

options of deploy:
  --stack <name>             only this stack; may be repeated (also of destroy)
  --parameter <name=value>   a template parameter of every chosen stack; may be repeated
  --no-rollback              leave what a failed deployment has made
  --destroy                  delete the stacks after the deployment
  --to <url>                 deploy to the sandbox that is kept running at this control address
  --serve                    keep the sandbox running after the deployment

options of a sandbox that is started (deploy without --to, and serve):
  --port <number>            control port, when it is kept running (default: any free one)
  --seed <number>            of latencies, ids and names (default 1)
  --account <id>             where stacks without an account go (default 111111111111)
  --region <name>            where stacks without a region go (default eu-central-1)`;

/** What the words of a command line come to. */
export type CommandLine =
  | { readonly kind: 'help' }
  /** For a sandbox that is kept running elsewhere. */
  | { readonly kind: 'running'; readonly address: string; readonly requests: readonly Request[] }
  /** For a sandbox of its own, which `serve` keeps running. */
  | {
      readonly kind: 'here';
      readonly requests: readonly Request[];
      readonly serve?: { readonly port?: number };
      readonly sandbox: Pick<SandboxOptions, 'seed' | 'accountId' | 'region'>;
    };

const OPTIONS = {
  stack: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  'no-rollback': { type: 'boolean' },
  destroy: { type: 'boolean' },
  to: { type: 'string' },
  serve: { type: 'boolean' },
  port: { type: 'string' },
  seed: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parse>['values'];

const OF_A_NEW_SANDBOX = ['port', 'seed', 'account', 'region'];

/** The options that a command has a use for. Others are mistakes, which shall not pass in silence. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  deploy: ['stack', 'parameter', 'no-rollback', 'destroy', 'to', 'serve', ...OF_A_NEW_SANDBOX],
  destroy: ['stack', 'to'],
  inventory: ['to'],
  serve: OF_A_NEW_SANDBOX,
};

/** Reads a command line that was typed in `folder`. Throws an error that says what is wrong with it. */
export function parseCommandLine(args: readonly string[], folder: string): CommandLine {
  const { values, positionals } = parse(args);
  const [command, ...operands] = positionals;
  if (values.help || command === 'help') return { kind: 'help' };
  checkWords(command, operands, values);
  const requests = requestsOf(
    command as keyof typeof COMMANDS,
    operands[0] && path.resolve(folder, operands[0]),
    values,
  );
  if (values.to !== undefined) return { kind: 'running', address: addressOf(values.to), requests };
  if (command === 'destroy' || command === 'inventory') {
    throw new Error(`${command} is for a sandbox that is kept running: name its control address with --to <url>`);
  }
  const serve = command === 'serve' || values.serve === true;
  return {
    kind: 'here',
    requests,
    ...(serve && { serve: { port: wholeNumber('port', values.port, { from: 1, to: 65_535 }) } }),
    sandbox: {
      seed: wholeNumber('seed', values.seed, { from: 0, to: 2 ** 32 - 1 }),
      accountId: matching('account', values.account, /^\d{12}$/, '12 digits'),
      region: matching(
        'region',
        values.region,
        /^[a-z]{2}(-[a-z]+)+-\d$/,
        'the name of a region, such as eu-central-1',
      ),
    },
  };
}

const HELP = 'see npm run sandbox -- help';

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's further sentences speak of dashes.
    const [first = ''] = (error as Error).message.split(/\.?\s*\n|\. /);
    throw new Error(`${first[0]?.toLowerCase()}${first.slice(1)}; ${HELP}`);
  }
}

function checkWords(command: string | undefined, operands: readonly string[], values: Values): void {
  if (command === undefined) throw new Error(`a command is missing: ${Object.keys(COMMANDS).join(', ')}; ${HELP}`);
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command]! : undefined;
  if (known === undefined) {
    throw new Error(`unknown command "${command}", use one of ${Object.keys(COMMANDS).join(', ')}; ${HELP}`);
  }
  const [extra] = operands.slice(needsAssembly(command) ? 1 : 0);
  if (extra !== undefined) {
    const remedy = command === 'serve' ? `: to deploy it first, use deploy ${extra} --serve` : `; ${HELP}`;
    throw new Error(`${command} has no use for "${extra}"${remedy}`);
  }
  if (needsAssembly(command) && operands.length === 0) {
    throw new Error(`${command} needs the folder of a cloud assembly, such as cdk.out`);
  }
  for (const option of Object.keys(values)) {
    if (!known.includes(option)) throw new Error(`${command} has no option --${option}; ${HELP}`);
    if (values.to !== undefined && (option === 'serve' || OF_A_NEW_SANDBOX.includes(option))) {
      throw new Error(
        `--${option} is for a sandbox that is started, but --to names one that runs: leave one of the two out`,
      );
    }
  }
  if (command === 'deploy' && values.port !== undefined && !values.serve) {
    throw new Error('--port is for a sandbox that is kept running: add --serve');
  }
}

function needsAssembly(command: string): boolean {
  return command === 'deploy' || command === 'destroy';
}

function requestsOf(command: string, assembly: string | undefined, values: Values): readonly Request[] {
  const stacks = values.stack && { stacks: values.stack };
  const destroy: Request = { command: 'destroy', assembly, options: { ...stacks } };
  if (command === 'serve') return [];
  if (command === 'inventory') return [{ command: 'inventory' }];
  if (command === 'destroy') return [destroy];
  const options = {
    ...stacks,
    ...(values.parameter && { parameters: Object.fromEntries(values.parameter.map(parameterOf)) }),
    ...(values['no-rollback'] && { disableRollback: true }),
  };
  const deploy: Request = { command: 'deploy', assembly, options };
  return values.destroy ? [deploy, destroy] : [deploy];
}

function parameterOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--parameter must have the form name=value, got "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function addressOf(text: string): string {
  if (URL.canParse(text) && /^http:\/\/[^/]/.test(text)) return text;
  throw new Error(`--to must be a control address such as http://127.0.0.1:8080, got "${text}"`);
}

function wholeNumber(
  name: string,
  text: string | undefined,
  range: { readonly from: number; readonly to: number },
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= range.from && number <= range.to) return number;
  throw new Error(`--${name} must be a whole number from ${range.from} to ${range.to}, got "${text}"`);
}

function matching(name: string, text: string | undefined, form: RegExp, what: string): string | undefined {
  if (text === undefined || form.test(text)) return text;
  throw new Error(`--${name} must be ${what}, got "${text}"`);
}
