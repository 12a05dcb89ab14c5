import { readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readPasskeys, type Passkey } from '../../table/signing-in/passkeys.ts';
import type { Table } from '../../table/engine/client.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';

/** A limit: somebody may add and remove passkeys without a pause. */
const TRIES = 10;

/**
 * Reads an administrator with all of their passkeys, strongly. Undefined when there is no such administrator. The two
 * reads come one after the other, and passkeys may change between them. So it reads again until the two agree:
 *
 *     administrator: 2 ── P1 removed ── passkeys: P2 ── P3 added (2 again) ── a transaction on "2" and "P2 is there" leaves P3
 *
 * When the count equals the number of passkeys, a transaction that checks the count and each passkey holds for exactly
 * these passkeys. Throws `UnavailableError` when they change between all of the reads.
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
