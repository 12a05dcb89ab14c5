import type { Page } from '../contract/pages.ts';

/**
 * Returns the response of a list route or a list command: the items of a page, and an opaque cursor for the next page.
 * On the last page, the cursor is null. `lastId` is the ID of the last item of the page, or undefined when the page is
 * the last page.
 */
export function listAnswer<T>(items: T[], lastId: string | undefined): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: lastId === undefined ? null : Buffer.from(lastId).toString('base64url') };
}

export type { Page };
