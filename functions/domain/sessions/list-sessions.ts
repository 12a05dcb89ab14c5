import type { SessionView } from '../../contract/sessions.ts';
import { readPasskeys } from '../../table/signing-in/passkeys.ts';
import { idOfSession, isOpenedBy, readSessionsOf } from '../../table/signing-in/sessions.ts';
import type { AdministratorCaller } from '../callers.ts';
import { listAnswer, type Page } from '../pages.ts';
import { isValid } from './session-lifetime.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * The maximum number of sessions in one response. Each session is an item of its own partition and costs half a read
 * unit, so sessions that have ended would otherwise make a response expensive.
 */
const SESSIONS_A_PAGE = 10;

/**
 * Returns one page of at most `limit` of the caller's sessions, sorted by ID. Leaves out sessions that have ended, so a
 * page may contain fewer sessions although more pages follow. All reads are eventually consistent: a session that has
 * just begun may be missing, and a session that has just ended may be listed.
 */
export async function listSessions(
  { table, clock }: Services,
  { token, administrator }: AdministratorCaller,
  { limit, cursor }: Page,
) {
  const now = clock.now();
  const [{ sessions, lastId }, passkeys] = await Promise.all([
    readSessionsOf(table, administrator, Math.min(limit, SESSIONS_A_PAGE), cursor),
    readPasskeys(table, administrator, 'eventual'),
  ]);
  const current = idOfSession(token);
  const passkeyWith = new Map(passkeys.map((passkey) => [passkey.id, passkey]));
  const views = sessions.flatMap((session): SessionView[] => {
    const { id, method, passkeyId, ipAddress, signedInAt, lastUsedAt, expiresAt } = session;
    const passkey = passkeyId === undefined ? undefined : passkeyWith.get(passkeyId);
    const passkeyName = passkey?.name;
    const isRemoved = !isOpenedBy(session, passkey);
    if (method === undefined || ipAddress === undefined || isRemoved || !isValid(session, administrator, now))
      return [];
    const times = { signedInAt: toIso(signedInAt), lastUsedAt: toIso(lastUsedAt), expiresAt: toIso(expiresAt) };
    return [{ id, method, ...times, current: id === current, passkeyName, ipAddress }];
  });
  return listAnswer(views, lastId);
}
