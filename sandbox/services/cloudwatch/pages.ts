import { invalidToken } from './errors';

/** A page of items by their places; for lists that only grow. */
export function pageOf<Item>(items: readonly Item[], size: number, token: string | undefined) {
  const start = token === undefined ? 0 : parse(token);
  const more = start + size < items.length;
  return { items: items.slice(start, start + size), ...(more && { NextToken: `page-${start + size}` }) };
}

function parse(token: string): number {
  const start = /^page-(\d+)$/.exec(token)?.[1];
  if (start === undefined) throw invalidToken(`The next token ${token} is invalid.`);
  return Number(start);
}
