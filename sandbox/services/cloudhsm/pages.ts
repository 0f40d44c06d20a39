import { invalidRequest } from './errors';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/** One page of items. A token names the last item shown, so a page is right also when items came since. */
export function page<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  request: { readonly MaxResults?: number; readonly NextToken?: string },
  size: { readonly most: number; readonly descending?: boolean },
): Page<Item> {
  const ordered = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (size.descending === true) ordered.reverse();
  const last = request.NextToken ? decode(request.NextToken) : undefined;
  const isLater = (item: Item) =>
    last === undefined || (size.descending === true ? key(item) < last : key(item) > last);
  const rest = ordered.filter(isLater);
  const shown = rest.slice(0, request.MaxResults ?? size.most);
  return shown.length < rest.length ? { items: shown, NextToken: encode(key(shown.at(-1)!)) } : { items: shown };
}

/** A key by which things stand in the order of their making. */
export function ageKey({ createdAt, sequence }: { readonly createdAt: number; readonly sequence: number }): string {
  return `${String(createdAt).padStart(15, '0')}.${String(sequence).padStart(9, '0')}`;
}

/** Keeps what a request's filters ask for; an item must match one value of each. */
export function filtered<Item>(
  items: readonly Item[],
  filters: Readonly<Record<string, readonly string[]>> | undefined,
  known: Readonly<Record<string, (item: Item) => string | undefined>>,
): Item[] {
  for (const name of Object.keys(filters ?? {})) {
    if (known[name] === undefined) {
      throw invalidRequest(`'${name}' is not a filter; use ${Object.keys(known).join(', ')}`);
    }
  }
  return items.filter((item) =>
    Object.entries(filters ?? {}).every(([name, values]) => values.includes(known[name]!(item) ?? '')),
  );
}

const MARK = 'cloudhsm:';

function encode(key: string): string {
  return Buffer.from(MARK + key).toString('base64url');
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(MARK)) throw invalidRequest(`NextToken '${token}' is not one that this operation gave`);
  return text.slice(MARK.length);
}
