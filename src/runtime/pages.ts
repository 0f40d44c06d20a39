/** Services write the token of the next page one way or the other. */
interface Page {
  readonly NextToken?: string;
  readonly nextToken?: string;
}

/** All pages of a list, in their order. */
export async function everyPage<P extends Page>(fetch: (token: string | undefined) => Promise<P>): Promise<P[]> {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page = await fetch(token);
    pages.push(page);
    token = page.NextToken ?? page.nextToken;
  } while (token !== undefined);
  return pages;
}
