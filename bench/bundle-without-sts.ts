import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { codeSize } from './bundle';

const ROOT = path.join(__dirname, '..');
/** What of the SDK assumes roles; older clients have copies of their own, which go as well. */
const FOR_ROLES = ['@aws-sdk/client-sts', '@aws-sdk/credential-providers'];

export interface HandlerSizes {
  readonly handler: string;
  readonly bytes: number;
  readonly bytesWithout: number;
}

/** Each function's code as it is, and bundled in the same way without what assumes roles. */
export function withoutSts(): HandlerSizes[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const sizes = bundlings().map((args) => {
    const outfile = optionOf(args, '--outfile');
    const other = path.join(folder, 'index.js');
    const changed = args.filter((arg) => !arg.startsWith('--outfile=') && arg !== 'esbuild');
    const externals = FOR_ROLES.map((name) => `--external:${name}`);
    const bin = path.join(ROOT, 'node_modules/.bin/esbuild');
    execFileSync(bin, [...changed, ...externals, `--outfile=${other}`, '--log-level=error'], { cwd: ROOT });
    return {
      handler: path.basename(path.dirname(outfile), '.lambda'),
      bytes: codeSize(path.join(ROOT, outfile)).bytes,
      bytesWithout: codeSize(other).bytes,
    };
  });
  rmSync(folder, { recursive: true });
  return sizes;
}

/** How `npm run bundle` calls the bundler, for each function. */
function bundlings(): string[][] {
  const { tasks } = JSON.parse(readFileSync(path.join(ROOT, '.projen/tasks.json'), 'utf8')) as Tasks;
  return Object.entries(tasks).flatMap(([name, { steps }]) =>
    /^bundle:.*\.lambda$/.test(name) ? steps.map(({ execArgs = [] }) => execArgs) : [],
  );
}

interface Tasks {
  readonly tasks: Readonly<Record<string, { readonly steps: ReadonlyArray<{ readonly execArgs?: string[] }> }>>;
}

function optionOf(args: readonly string[], option: string): string {
  const found = args.find((arg) => arg.startsWith(`${option}=`));
  if (found === undefined) throw new Error(`the bundler is called without ${option}`);
  return found.slice(option.length + 1);
}
