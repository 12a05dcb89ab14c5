import type { RpView } from '../../contract/rp-views.ts';
import type { Rp } from '../../table/rps.ts';
import { toIso } from '../time.ts';

type Shown = Pick<Rp, 'id' | 'rpId' | 'name' | 'registeredUsers' | 'createdAt'>;

/** Converts an RP to the form that API responses use. */
export function rpView({ id, rpId, name, registeredUsers, createdAt }: Shown): RpView {
  return { id, rpId, name, registeredUsers, createdAt: toIso(createdAt) };
}
