interface ListPage<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** Reads all pages of a list, and returns the items of all pages. */
export async function allPages<Item>(
  readPage: (query: { limit: string; cursor?: string }) => Promise<{ data: ListPage<Item> }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const { data } = await readPage({ limit: '100', ...(cursor && { cursor }) });
    items.push(...data.items);
    cursor = data.nextCursor;
  } while (cursor !== null);
  return items;
}
