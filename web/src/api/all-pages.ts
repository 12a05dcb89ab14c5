/** The most that a page of a list may have. */
const LIMIT = '100';

interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
interface PageQuery {
  readonly limit: string;
  readonly cursor?: string;
}

/** Reads a list to its end, page after page. For lists that are short, or to be put in order as a whole: 1,000 RPs are 10 requests. */
export async function allPages<Item>(
  read: (query: PageQuery) => Promise<{ readonly data: ListPage<Item> }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let query: PageQuery | null = { limit: LIMIT }; query;) {
    const { data }: { readonly data: ListPage<Item> } = await read(query);
    items.push(...data.items);
    query = data.nextCursor === null ? null : { limit: LIMIT, cursor: data.nextCursor };
  }
  return items;
}
