import type { RpView } from '../../contract/rps.ts';
import type { Rp } from '../../table/rps.ts';
import { toIso } from '../time.ts';

/** Converts an RP to the form that API responses use. */
export function rpView({ id, rpId, name, registeredUsers, createdAt }: Omit<Rp, 'closedMau'>): RpView {
  return { id, rpId, name, registeredUsers, createdAt: toIso(createdAt) };
}
