import { validationError } from './errors';

/** The size of a page when the request does not say; the API documents it for every list of RUM. */
const DEFAULT_PAGE = 50;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * One page of items that are in the order of their keys. A token names the last key shown, so a page is right also when
 * items came or went since.
 */
export function page<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  request: { readonly MaxResults?: number; readonly NextToken?: string },
): Page<Item> {
  const after = request.NextToken === undefined ? undefined : decode(request.NextToken);
  const rest = after === undefined ? items : items.filter((item) => key(item) > after);
  const shown = rest.slice(0, request.MaxResults || DEFAULT_PAGE);
  const last = shown.at(-1);
  const more = shown.length < rest.length && last !== undefined;
  return more ? { items: shown, nextToken: encode(key(last)) } : { items: shown };
}

const MARK = 'rum:';

function encode(key: string): string {
  return Buffer.from(MARK + key).toString('base64url');
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(MARK)) throw validationError(`NextToken '${token}' is not one that this operation gave`);
  return text.slice(MARK.length);
}
