import { readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readPasskeys, type Passkey } from '../../table/signing-in/passkeys.ts';
import type { Table } from '../../table/engine/client.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';

/**
 * The maximum number of tries of `readWithPasskeys`. The function tries again when another request adds or removes a
 * passkey between the read of the administrator and the read of the passkeys.
 */
const TRIES = 10;

/**
 * Returns an administrator with all of their passkeys, from strongly consistent reads, or undefined when there is no
 * such administrator. Passkeys may change between the read of the administrator and the read of the passkeys, so the
 * function repeats both reads until the administrator's count of passkeys equals the number of passkeys that were read.
 * Without the repetition, this could happen:
 *
 *     The function reads the administrator: the count is 2.
 *     Another request removes the passkey P1.
 *     The function reads the passkeys and finds only P2.
 *     Another request adds the passkey P3, so the count is 2 again.
 *     A later transaction checks that the count is 2 and that P2 exists. It succeeds, although P3 was never read.
 *
 * When the two numbers are equal, a later transaction can check the administrator's count and the existence of each
 * passkey, and succeeds only if the administrator has exactly these passkeys. Throws `UnavailableError` when the
 * passkeys change during every one of the 10 tries.
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
