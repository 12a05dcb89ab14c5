import type { PasskeyView } from '../../contract/passkeys.ts';
import type { Passkey } from '../../table/signing-in/passkeys.ts';
import { toIso } from '../time.ts';

/** Converts a passkey to the form that API responses use. */
export function passkeyView({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyView {
  return { id, name, createdAt: toIso(createdAt), lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt) };
}
