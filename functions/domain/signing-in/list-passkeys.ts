import { readPasskeys } from '../../table/signing-in/passkeys.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer } from '../pages.ts';
import { passkeyView } from './passkey-view.ts';
import type { Services } from '../services.ts';

/** Returns all passkeys of the caller, oldest first. */
export async function listPasskeys({ table }: Services, { administrator }: AdministratorCaller) {
  const passkeys = await readPasskeys(table, administrator);
  return listAnswer(passkeys.sort((one, other) => one.createdAt - other.createdAt).map(passkeyView), undefined);
}
