import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const uid = process.getuid?.();

/** Keys are in it: only for the user who made them. */
const FOLDER = path.join(tmpdir(), `cdk-settled-keys-${uid}`);

/**
 * What takes long to make and may be the same for all sandboxes, kept in a file: a process that runs one short test would
 * otherwise spend more time on keys than on the test. Where nothing can be kept safely, it is made anew.
 */
export function kept(name: string, make: () => string): string {
  if (!isOurs()) return make();
  const file = path.join(FOLDER, name);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const text = make();
    keep(file, text);
    return text;
  }
}

function isOurs(): boolean {
  try {
    mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
    const stats = lstatSync(FOLDER);
    return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** Other processes do the same at this moment: a file is there as a whole or not at all. */
function keep(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // A full disk, for example: the next process tries again.
  }
}
