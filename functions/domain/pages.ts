import type { Page } from '../contract/values/pages.ts';

/**
 * The maximum size, in bytes, of the items or of the CSV in one response. Lambda allows 6 MB for the whole response of
 * a function.
 */
export const RESPONSE_SIZE = 5_000_000;

/**
 * Returns the size, in bytes, that a text has in the response of a Lambda function. The response is JSON and contains
 * the HTTP body as a string, so each quotation mark and each line end of the body takes an additional byte.
 */
export const sizeInResponse = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/**
 * Returns how many of several parts of a response, counted from the first part, have a total size of at most `most`.
 * Returns at least 1, unless there is no part.
 */
export function howManyFit(sizes: readonly number[], most: number): number {
  let total = 0;
  const tooMany = sizes.findIndex((size) => (total += size) > most);
  return tooMany === -1 ? sizes.length : Math.max(1, tooMany);
}

/** Returns the opaque cursor of the page that begins after the item with the ID `lastId`. */
export const cursorAfter = (lastId: string): string => Buffer.from(lastId).toString('base64url');

/**
 * Returns the response of a list route or a list command: the items of a page, and an opaque cursor for the next page.
 * On the last page, the cursor is null. `lastId` is the ID of the last item of the page, or undefined when the page is
 * the last page.
 */
export function listAnswer<T>(items: T[], lastId: string | undefined): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: lastId === undefined ? null : cursorAfter(lastId) };
}

export type { Page };
