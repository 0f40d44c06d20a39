import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Expects the samples in the README of a module to stand in a test file, where they are compiled. */
export function expectCompiledSamples(module: string, testFile: string): void {
  const readme = path.join(__dirname, '../../src', module, 'README.md');
  const compiled = inOneLine(readFileSync(testFile, 'utf8'));
  const samples = [...readFileSync(readme, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!);
  expect(samples).not.toHaveLength(0);
  for (const part of samples.flatMap((sample) => sample.replace(/^import .*\n/gm, '').split('\n\n'))) {
    expect(compiled).toContain(inOneLine(part));
  }
}

function inOneLine(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}
