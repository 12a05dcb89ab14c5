import type { Page } from '../contract/values.ts';

/** Gives a list's answer: its items, and where the next page begins, opaque; null when there is none. */
export function listAnswer<T>(items: T[], lastId: string | undefined): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: lastId === undefined ? null : Buffer.from(lastId).toString('base64url') };
}

/** Gives the ID in a sort key such as `RP#rp_…`. */
export function idIn(sk: string | undefined): string | undefined {
  return sk?.slice(sk.indexOf('#') + 1);
}

export type { Page };
