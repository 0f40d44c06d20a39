import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aspects, type Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';

const SOURCES = join(__dirname, '../../src');

/** The calls that the handlers' side of a module can make. */
export function callsOf(module: string): string[] {
  const files = readdirSync(join(SOURCES, module)).filter((name) => /\.(reconciler|runtime)\.ts$/.test(name));
  return callsIn(...files.map((name) => `${module}/${name}`));
}

/** The calls in source files. */
export function callsIn(...paths: string[]): string[] {
  const calls = paths.flatMap((path) => {
    const source = readFileSync(join(SOURCES, path), 'utf8');
    return [...source.matchAll(/new (\w+)Command\(/g)].map(([, name]) => name);
  });
  return [...new Set(calls)].sort();
}

/** All warnings of a stack: where, and the text. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ id, entry }) => `${id} ${String(entry.data)}`);
}

/** What cdk-nag says against a stack: `<path> <rule and finding>`. */
export function nagFindings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false }));
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]
    .map(({ id, entry }) => `${id} ${String(entry.data).split(': ')[0]}`)
    .filter((finding) => finding.includes(' AwsSolutions-'));
}

export const MEMBER_ACCOUNT = 'Custom::SettledMacieClassicMemberAccount';
export const S3_RESOURCES = 'Custom::SettledMacieClassicS3Resources';
export const CLASSIFICATION_JOB = 'Custom::SettledMacieClassificationJob';
export const CLASSIFICATION_EXPORT = 'Custom::SettledMacieClassificationExport';
