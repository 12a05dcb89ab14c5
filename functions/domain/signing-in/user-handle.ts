import type { Administrator } from '../../table/administrators.ts';

type Owner = Pick<Administrator, 'customerId' | 'administratorId'>;

/**
 * Returns an administrator's WebAuthn user handle, as base64url. The authenticator sends the user handle at each
 * sign-in. The user handle consists of the ID of the customer and the ID of the administrator. With these IDs and the
 * ID of the passkey, the service finds the item of the passkey. The user handle contains no other data of the
 * administrator. It has 49 bytes; WebAuthn allows 64 bytes.
 */
export function userHandleOf({ customerId, administratorId }: Owner): string {
  return Buffer.from(`${customerId}/${administratorId}`).toString('base64url');
}

/**
 * Returns the IDs in a user handle. Returns undefined if `userHandle` is not a user handle that the service has
 * created.
 */
export function parseUserHandle(userHandle: string): Owner | undefined {
  const text = Buffer.from(userHandle, 'base64url').toString('latin1');
  const [, customerId, administratorId] = /^(cus_[0-9a-z]{20})\/(adm_[0-9a-z]{20})$/.exec(text) ?? [];
  return customerId !== undefined && administratorId !== undefined ? { customerId, administratorId } : undefined;
}
