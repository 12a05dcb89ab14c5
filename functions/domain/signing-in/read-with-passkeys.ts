import { readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readPasskeys, type Passkey } from '../../table/signing-in/passkeys.ts';
import type { Table } from '../../table/engine/client.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';

/** Whoever adds and removes passkeys without a pause does not keep others busy for ever. */
const TRIES = 10;

/**
 * Reads an administrator with all of their passkeys, strongly; undefined when there is none. The two are read one after
 * the other, so that both are read again until they are of one moment:
 *
 *     administrator: 2 ── P1 removed ── passkeys: P2 ── P3 added (2 again) ── a transaction on "2" and "P2 is there" leaves P3
 *
 * With as many passkeys as are counted, a transaction on the count and on each of them being there is on exactly these.
 * Throws `UnavailableError` when they change each time.
 */
export async function readWithPasskeys(
  table: Table,
  customerId: string,
  administratorId: string,
): Promise<{ administrator: Administrator; passkeys: Passkey[] } | undefined> {
  for (let left = TRIES; left > 0; left -= 1) {
    const administrator = await readAdministrator(table, customerId, administratorId, 'strong');
    if (!administrator) return undefined;
    const passkeys = await readPasskeys(table, administrator);
    if (passkeys.length === (administrator.passkeys ?? 0)) return { administrator, passkeys };
  }
  throw new UnavailableError('The passkeys of the administrator are being changed.');
}
