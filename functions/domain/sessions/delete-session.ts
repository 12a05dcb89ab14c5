import { deleteSession as deleteItem } from '../../table/signing-in/sessions.ts';
import type { AdministratorCaller } from '../callers.ts';
import type { Services } from '../services.ts';

/** Ends the caller's session at once. */
export async function deleteSession({ table }: Services, { token }: AdministratorCaller): Promise<void> {
  await deleteItem(table, token);
}
