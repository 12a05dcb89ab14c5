import type { Administrator } from '../../table/administrators.ts';
import type { Replaced } from '../../table/signing-in/links.ts';

/**
 * Returns whether a requested change of address may still take effect. The administrator must have the same address and
 * rights as at the time of the request. If the administrator had no passkey at the time of the request, they must have
 * none now: the first passkey ends the requests that were made from sessions without a passkey.
 */
export function stillReplaces(replaced: Replaced | undefined, administrator: Administrator): boolean {
  const { email, sessionGeneration, passkeys = 0 } = administrator;
  const hadPasskey = replaced?.hadPasskey ?? false;
  return (
    replaced?.email === email && replaced.sessionGeneration === sessionGeneration && (hadPasskey || passkeys === 0)
  );
}
