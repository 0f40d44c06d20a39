/** All pages of a list, in their order. */
export async function everyPage<Page extends { readonly NextToken?: string }>(
  fetch: (NextToken: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let NextToken: string | undefined;
  do {
    const page = await fetch(NextToken);
    pages.push(page);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pages;
}
