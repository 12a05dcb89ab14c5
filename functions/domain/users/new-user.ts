import { randomBytes } from 'node:crypto';
import type { User } from '../../table/users/users.ts';
import { namedUser } from './user-names.ts';

/** The data of a new user that the RP sends. */
export interface NewUserProfile {
  readonly userId: string;
  /** @default - the user ID */
  readonly userName?: string | undefined;
  readonly displayName?: string | null | undefined;
  /** @default - none */
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
  /** The user handle, as base64url. @default - a new random handle */
  readonly userHandle?: string | undefined;
}

/**
 * Creates a user handle of 32 random bytes, as base64url. WebAuthn (14.6.1): "the user handle MUST NOT contain
 * personally identifying information about the user".
 */
export const newUserHandle = (): string => randomBytes(32).toString('base64url');

/**
 * Returns the item of a user who is registered at `now` (epoch milliseconds). `uniqueUserNames` says whether the RP
 * requires unique names.
 */
export function newUser(
  { userId, userName, displayName = null, attributes = null, userHandle = newUserHandle() }: NewUserProfile,
  uniqueUserNames: boolean,
  now: number,
): User {
  return {
    ...namedUser(userId, userName, uniqueUserNames),
    displayName,
    ...(attributes !== null && { attributes: JSON.stringify(attributes) }),
    userHandle,
    registeredAt: now,
  };
}
