import type { Row } from './measure';

const HEAD = ['measure', 'value', 'beside', 'target', ''];

/** Aligned columns, and the notes below them. */
export function table(rows: readonly Row[]): string {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  const lines = [HEAD, ...rows.map((row) => cells(row, notes))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const [head, ...body] = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const footnotes = notes.map((note, index) => `[${index + 1}] ${note}`);
  return [head, rule, ...body, '', ...footnotes].map((line) => line!.trimEnd()).join('\n');
}

function cells({ name, value, beside = '', target, note }: Row, notes: readonly string[]): string[] {
  const mark = note === undefined ? '' : ` [${notes.indexOf(note) + 1}]`;
  const verdict = target === undefined ? '' : target.met ? 'pass' : 'miss';
  return [`${name}${mark}`, value, beside, target?.text ?? '', verdict];
}
