import type { RpView } from '../../contract/rps.ts';
import type { Rp } from '../../table/rps.ts';
import { toIso } from '../time.ts';

/** Converts an RP to the form that API responses use. */
export function rpView({ id, rpId, name, registeredUsers, createdAt }: Omit<Rp, 'closedMau'>): RpView {
  return { id, rpId, name, registeredUsers, createdAt: toIso(createdAt) };
}

/**
 * Compares two RPs, to sort RPs from the oldest to the newest. If both RPs have the same creation time, the function
 * compares their IDs.
 */
export function byAge(a: Pick<Rp, 'id' | 'createdAt'>, b: Pick<Rp, 'id' | 'createdAt'>): number {
  return a.createdAt - b.createdAt || a.id.localeCompare(b.id);
}
