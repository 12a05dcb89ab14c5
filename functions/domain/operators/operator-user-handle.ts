/**
 * Returns an operator's WebAuthn user handle, as base64url: the ID of the operator. No user handle of an administrator
 * has this form, so a passkey never signs in both.
 */
export const operatorUserHandleOf = (operatorId: string): string => Buffer.from(operatorId).toString('base64url');

/** Returns the operator's ID in a user handle. Returns undefined for any other text. */
export function parseOperatorUserHandle(userHandle: string): string | undefined {
  const text = Buffer.from(userHandle, 'base64url').toString('latin1');
  return /^opr_[0-9a-z]{20}$/.test(text) ? text : undefined;
}
