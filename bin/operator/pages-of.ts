/**
 * Returns all pages of a list, in their order. `read` returns the page that begins at a cursor, or the first page if
 * the cursor is undefined. There is always a first page.
 */
export async function pagesOf<Page extends { readonly nextCursor: string | null }>(
  read: (cursor: string | undefined) => Promise<Page>,
): Promise<[Page, ...Page[]]> {
  const first = await read(undefined);
  const pages: [Page, ...Page[]] = [first];
  for (let cursor = first.nextCursor; cursor !== null;) {
    const page = await read(cursor);
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}
