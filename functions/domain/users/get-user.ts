import type { UserView } from '../../contract/users.ts';
import { readUser, type User } from '../../table/users.ts';
import type { RpCaller } from '../callers.ts';
import { noSuchUser } from '../refusals.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/** Converts a user to the form that API responses use. */
export function userView({ userId, displayName, registeredAt }: User): UserView {
  return { userId, displayName, registeredAt: toIso(registeredAt) };
}

/**
 * Returns a user of the caller's RP, from a strongly consistent read. Throws `NotFoundError` when the RP has no such
 * user.
 */
export async function getUser({ table }: Services, { rpRef }: RpCaller, userId: string): Promise<UserView> {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) throw noSuchUser();
  return userView(user);
}
