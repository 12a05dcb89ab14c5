import type { Administrator, Recovery } from '../../table/administrators.ts';
import type { Table } from '../../table/engine/client.ts';
import { readPasskey } from '../../table/signing-in/passkeys.ts';
import type { Session } from '../../table/signing-in/sessions.ts';
import { RecoveryHoldError } from '../errors.ts';
import { HOUR } from '../time.ts';

/**
 * How long a recovery hold lasts, in milliseconds. The hold begins when a recovery link adds a passkey. During the
 * hold, the administrator cannot make the changes for which `recent-sign-in.ts` requires a recent sign-in, and other
 * people can undo the recovery. So a person who only reads an administrator's e-mails cannot take over the customer
 * before somebody notices.
 */
const HOLD_LASTS = 24 * HOUR;

/** Returns the end of an administrator's recovery hold, in epoch milliseconds, or undefined when there is no hold. */
export function recoveryHoldUntil({ recoveryHoldUntil: until }: Administrator, now: number): number | undefined {
  return until !== undefined && now < until ? until : undefined;
}

/** Throws `RecoveryHoldError` during a recovery hold of the administrator. */
export function requireNoRecoveryHold(administrator: Administrator, now: number): void {
  const until = recoveryHoldUntil(administrator, now);
  if (until !== undefined) throw new RecoveryHoldError(until);
}

/**
 * Returns the recovery of an administrator to whom a recovery link adds a passkey at the time `now`. If the
 * administrator is in a recovery hold, the recovery stays the same and the hold starts again, so that undoing the
 * recovery removes the passkeys of all its links.
 */
export function recoveryAt(administrator: Administrator, now: number): Recovery {
  const { recoveredAt = now } = recoveryHoldUntil(administrator, now) === undefined ? {} : administrator;
  return { recoveredAt, recoveryHoldUntil: now + HOLD_LASTS };
}

/**
 * Returns whether a passkey that is older than the recovery opened a session of an administrator. Only in such a
 * session may privileged administrators undo their own recovery. Returns undefined when there is no hold.
 */
export async function isByOlderPasskey(
  table: Table,
  administrator: Administrator,
  session: Session,
  now: number,
): Promise<boolean | undefined> {
  if (recoveryHoldUntil(administrator, now) === undefined) return undefined;
  return session.passkeyId !== undefined && (await isOlderThanRecovery(table, administrator, session));
}

/**
 * Returns whether a session shows that its administrator had access before the recovery: a passkey that the recovery
 * did not add opened the session, or a link while the administrator had no passkey.
 */
export async function isOlderThanRecovery(
  table: Table,
  administrator: Administrator,
  { method, passkeyId }: Session,
): Promise<boolean> {
  if (passkeyId === undefined) return method === 'link';
  const passkey = await readPasskey(table, { ...administrator, id: passkeyId });
  return passkey !== undefined && passkey.recoveredAt !== administrator.recoveredAt;
}
