import type { Administrator } from '../../table/administrators.ts';

type Owner = Pick<Administrator, 'customerId' | 'administratorId'>;

/**
 * Gives the user handle of WebAuthn, as base64url, which a passkey brings along when somebody signs in with it: the two IDs
 * that its item is found by. 49 bytes of at most 64, and nothing that says who it is.
 */
export function userHandleOf({ customerId, administratorId }: Owner): string {
  return Buffer.from(`${customerId}/${administratorId}`).toString('base64url');
}

/** Reads a user handle back. Undefined for any other text. */
export function parseUserHandle(userHandle: string): Owner | undefined {
  const text = Buffer.from(userHandle, 'base64url').toString('latin1');
  const [, customerId, administratorId] = /^(cus_[0-9a-z]{20})\/(adm_[0-9a-z]{20})$/.exec(text) ?? [];
  return customerId !== undefined && administratorId !== undefined ? { customerId, administratorId } : undefined;
}
