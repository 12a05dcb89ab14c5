import type { Page } from '../contract/values.ts';

/** Returns a list's answer: its items and an opaque cursor of the next page; null when there is none. */
export function listAnswer<T>(items: T[], lastId: string | undefined): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: lastId === undefined ? null : Buffer.from(lastId).toString('base64url') };
}

export type { Page };
