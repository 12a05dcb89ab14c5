import type { Administrator } from '../../table/administrators.ts';
import type { Replaced } from '../../table/signing-in/links.ts';

/**
 * Returns whether a requested change of an administrator's e-mail address may still take effect. The administrator must
 * have the same address and the same `sessionGeneration` as at the time of the request, without a change of the address
 * between; `sessionGeneration` increases when the administrator loses rights. If the administrator had no passkey at
 * the time of the request, the administrator must still have no passkey, because adding the first passkey cancels all
 * changes of the address that were requested earlier.
 */
export function stillReplaces(replaced: Replaced | undefined, administrator: Administrator): boolean {
  if (!replaced) return false;
  const { email, emailVersion = 0, sessionGeneration, passkeys = 0 } = administrator;
  const isSameAddress = replaced.email === email && (replaced.emailVersion ?? 0) === emailVersion;
  const mayStill = replaced.hadPasskey === true || passkeys === 0;
  return isSameAddress && replaced.sessionGeneration === sessionGeneration && mayStill;
}
