import type { Administrator } from '../../table/administrators.ts';

type Owner = Pick<Administrator, 'customerId' | 'administratorId'>;

/**
 * Returns an administrator's user handle of WebAuthn, as base64url. A passkey sends it at each sign-in. It contains the two
 * IDs that find the passkey's item: 49 of at most 64 bytes, and nothing about the person.
 */
export function userHandleOf({ customerId, administratorId }: Owner): string {
  return Buffer.from(`${customerId}/${administratorId}`).toString('base64url');
}

/** Parses a user handle. Undefined for any other text. */
export function parseUserHandle(userHandle: string): Owner | undefined {
  const text = Buffer.from(userHandle, 'base64url').toString('latin1');
  const [, customerId, administratorId] = /^(cus_[0-9a-z]{20})\/(adm_[0-9a-z]{20})$/.exec(text) ?? [];
  return customerId !== undefined && administratorId !== undefined ? { customerId, administratorId } : undefined;
}
