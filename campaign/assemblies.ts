import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { Build } from './lifecycles';

export const STACK_NAME = 'App';

const known = new Map<Build, string>();
let folder: string | undefined;

/** The cloud assembly of a build. Trials share it: synthesizing takes as long as a trial. */
export function assemblyOf(build: Build): string {
  const existing = known.get(build);
  if (existing !== undefined) return existing;
  folder ??= newFolder();
  const app = new App({ outdir: path.join(folder, `${known.size}`), analyticsReporting: false });
  build(new Stack(app, STACK_NAME));
  const { directory } = app.synth();
  known.set(build, directory);
  return directory;
}

function newFolder(): string {
  const created = mkdtempSync(path.join(tmpdir(), 'cdk-settled-campaign-'));
  process.once('exit', () => rmSync(created, { recursive: true, force: true }));
  return created;
}
