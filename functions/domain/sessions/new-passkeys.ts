import type { Administrator } from '../../table/administrators.ts';
import type { Session } from '../../table/signing-in/sessions.ts';
import { HOUR } from '../time.ts';

/**
 * How long a passkey is too new, in milliseconds, if it was added without a recent sign-in. An administrator without a
 * passkey needs no recent sign-in to add one. So a person who finds an open session of such an administrator can add a
 * passkey and sign in with it. For 24 hours, this sign-in does not count as recent, and the administrator still counts
 * as one without a passkey: an e-mailed link opens a full session, in which the administrator can remove the passkey.
 * An e-mail has told them about it.
 */
const TOO_NEW = 24 * HOUR;

/** Returns whether an administrator has a passkey, other than passkeys that are too new. */
export const countsWithPasskey = ({ passkeys = 0, passkeysCountFrom = 0 }: Administrator, now: number): boolean =>
  passkeys > 0 && now >= passkeysCountFrom;

/** Returns whether the passkey that opened a session is too new. */
export const isPasskeyTooNew = ({ countsFrom = 0 }: Session, now: number): boolean => now < countsFrom;

/** Returns the time from which a passkey counts that is added without a recent sign-in at the time `now`. */
export const newPasskeyCountsFrom = (now: number): number => now + TOO_NEW;
