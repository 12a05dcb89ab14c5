import type { RpView } from '../contract/rps.ts';
import type { Rp } from '../table/rps.ts';
import { toIso } from './time.ts';

/** Gives an RP as the API shows it. */
export function rpView({ id, rpId, name, registeredUsers, createdAt }: Rp): RpView {
  return { id, rpId, name, registeredUsers, createdAt: toIso(createdAt) };
}
