import type { RpView } from '../../contract/rps.ts';
import type { Rp } from '../../table/rps.ts';
import { toIso } from '../time.ts';

/** Gives an RP as the API shows it. */
export function rpView({ id, rpId, name, registeredUsers, createdAt }: Rp): RpView {
  return { id, rpId, name, registeredUsers, createdAt: toIso(createdAt) };
}

/** Orders RPs by age, the oldest first; those of one moment by ID. */
export function byAge(a: Pick<Rp, 'id' | 'createdAt'>, b: Pick<Rp, 'id' | 'createdAt'>): number {
  return a.createdAt - b.createdAt || a.id.localeCompare(b.id);
}
