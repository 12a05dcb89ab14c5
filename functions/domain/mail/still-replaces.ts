import type { Administrator } from '../../table/administrators.ts';
import type { Replaced } from '../../table/signing-in/links.ts';

/**
 * Returns whether a requested change of address is still good: the administrator has the same address and rights as when
 * they requested it, and did not add their first passkey since. A request that a session made without a passkey ends with
 * the first one.
 */
export function stillReplaces(replaced: Replaced | undefined, administrator: Administrator): boolean {
  const { email, sessionGeneration, passkeys = 0 } = administrator;
  const hadPasskey = replaced?.hadPasskey ?? false;
  return (
    replaced?.email === email && replaced.sessionGeneration === sessionGeneration && (hadPasskey || passkeys === 0)
  );
}
