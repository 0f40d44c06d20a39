import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, type Environment, Stack } from 'aws-cdk-lib';
import type { Build, Outputs } from './builds';

const known = new Map<Build, Map<string, string>>();
let made = 0;
let folder: string | undefined;

/** What makes the assemblies of a build differ. */
export interface AssemblyProps {
  readonly stackName: string;
  /** @default - wherever it is deployed to */
  readonly env?: Environment;
  readonly outputs: Outputs;
}

/** The cloud assembly of a build. Trials share it: synthesizing takes as long as a trial. */
export function assemblyOf(build: Build, props: AssemblyProps): string {
  const ofBuild = known.get(build) ?? new Map<string, string>();
  known.set(build, ofBuild);
  const key = JSON.stringify(props);
  const existing = ofBuild.get(key);
  if (existing !== undefined) return existing;
  const { stackName, env, outputs } = props;
  folder ??= newFolder();
  const app = new App({ outdir: path.join(folder, `${made++}`), analyticsReporting: false });
  build(new Stack(app, stackName, { env }), outputs);
  const { directory } = app.synth();
  ofBuild.set(key, directory);
  return directory;
}

function newFolder(): string {
  const created = mkdtempSync(path.join(tmpdir(), 'cdk-settled-campaign-'));
  process.once('exit', () => rmSync(created, { recursive: true, force: true }));
  return created;
}
