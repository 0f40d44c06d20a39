import type { HttpRequest } from './http';

export interface UriMatch {
  readonly labels: Readonly<Record<string, string>>;
  /** How many segments the template spells out. */
  readonly literals: number;
}

/**
 * Compares a request with a template such as `/appmonitor/{Name}`. A label is one segment of the path as it was sent, so
 * an ARN's slashes have to be percent-encoded; a greedy label (`{Key+}`) takes all that is left.
 */
export function matchUri(template: string, request: HttpRequest): UriMatch | undefined {
  const [path = '/', fixedQuery = ''] = template.split('?');
  const wanted = segments(path);
  const given = segments(request.path);
  const labels: Record<string, string> = {};
  let literals = 0;
  for (const [index, segment] of wanted.entries()) {
    const label = /^\{(\w+)(\+?)\}$/.exec(segment);
    if (given[index] === undefined) return undefined;
    if (label === null) {
      if (decode(given[index]) !== segment) return undefined;
      literals += 1;
    } else if (label[2] === '+') {
      labels[label[1]!] = given.slice(index).map(decode).join('/');
      return hasQuery(fixedQuery, request) ? { labels, literals } : undefined;
    } else {
      labels[label[1]!] = decode(given[index]);
    }
  }
  return given.length === wanted.length && hasQuery(fixedQuery, request) ? { labels, literals } : undefined;
}

function segments(path: string): string[] {
  return path.replace(/^\/|\/$/g, '').split('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function hasQuery(fixedQuery: string, request: HttpRequest): boolean {
  const query = new URLSearchParams(request.query);
  return [...new URLSearchParams(fixedQuery)].every(([name, value]) => query.get(name) === value);
}
