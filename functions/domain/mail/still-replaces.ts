import type { Administrator } from '../../table/administrators.ts';
import type { Replaced } from '../../table/signing-in/links.ts';

/**
 * Returns whether a requested change of an administrator's e-mail address may still take effect. The administrator must
 * have the same address and the same `sessionGeneration` as at the time of the request; `sessionGeneration` increases
 * when the administrator loses rights. If the administrator had no passkey at the time of the request, the
 * administrator must still have no passkey, because adding the first passkey cancels all changes of the address that
 * were requested earlier.
 */
export function stillReplaces(replaced: Replaced | undefined, administrator: Administrator): boolean {
  const { email, sessionGeneration, passkeys = 0 } = administrator;
  const hadPasskey = replaced?.hadPasskey ?? false;
  return (
    replaced?.email === email && replaced.sessionGeneration === sessionGeneration && (hadPasskey || passkeys === 0)
  );
}
