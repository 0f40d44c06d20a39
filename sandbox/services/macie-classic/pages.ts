import { createHash } from 'node:crypto';
import { invalidInput } from './errors';

/** The model's `MaxResults`, which is also the documented default. */
const MAX_PAGE = 250;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * One page of a list, in an order that means nothing (none is documented). A token names the last item shown by its
 * digest, so a page is right also when items came or went since, and it stays short however long a prefix is. It
 * belongs to what `scope` names: the list, the caller and the account that is asked about.
 */
export function page<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  request: { readonly maxResults?: number; readonly nextToken?: string },
  scope: string,
): Page<Item> {
  const { maxResults = MAX_PAGE, nextToken } = request;
  if (maxResults < 1) throw invalidInput(`maxResults must be 1 to ${MAX_PAGE}, got ${maxResults}`, 'maxResults');
  const after = nextToken ? decode(nextToken, scope) : '';
  const rest = items
    .map((item) => ({ item, place: digest(nameOf(item)) }))
    .filter(({ place }) => place > after)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const shown = rest.slice(0, maxResults);
  const page = { items: shown.map(({ item }) => item) };
  return shown.length < rest.length ? { ...page, nextToken: digest(scope) + shown.at(-1)!.place } : page;
}

function decode(token: string, scope: string): string {
  const mark = digest(scope);
  if (token.startsWith(mark) && token.length === 2 * mark.length) return token.slice(mark.length);
  throw invalidInput('nextToken is not one that this operation gave for such a request', 'nextToken');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
