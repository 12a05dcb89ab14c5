import { countNotice } from '../../table/limits/notice-limits.ts';
import { combineNotice, type Mail } from '../../table/mails.ts';
import type { Services } from '../services.ts';
import { HOUR, MINUTE } from '../time.ts';
import { countsAsNotice } from './mail-rules.ts';
import { combinedMailId, newMail } from './new-mail.ts';

/** The maximum number of notices that one customer can cause in an hour. Further notices are combined. */
export const NOTICES_AN_HOUR = 60;
/**
 * The time, in milliseconds, between the end of a window and the sending of the e-mails that combine its notices. An
 * invocation of `send-mail` lasts at most 30 seconds. So the service adds no notice to an e-mail that is being sent:
 *
 *     10:59:59 reads that the window is full, adds a notice ── 11:00:29 at the latest
 *                                    11:00 the window ends      11:01 the combining e-mail is sent
 */
const AFTER_THE_WINDOW = MINUTE;

/**
 * Counts a notice toward the limit of its customer. Returns `send` when the notice may be sent on its own, or when the
 * e-mail is not limited. Returns `gone` when the notice no longer exists. When the customer has already caused 60
 * notices in the current hour, combines the notice with other notices to the same recipient, deletes the notice, and
 * returns `combined`.
 *
 * If the process dies after it found that the limit is reached, and before it combines the notice, the next attempt
 * counts or combines the notice. So each notice is either sent on its own or combined, and never both.
 */
export async function limitNotices({ table, clock }: Services, mail: Mail): Promise<'send' | 'gone' | 'combined'> {
  const { mailId, customerId, to } = mail;
  if (!countsAsNotice(mail) || customerId === undefined || mail.isCounted === true) return 'send';
  const now = clock.now();
  const limit = { max: NOTICES_AN_HOUR, length: HOUR };
  const outcome = await countNotice(table, { customerId, mailId }, now, limit);
  if (outcome === 'counted') return 'send';
  if (outcome === 'gone') return 'gone';
  const dueAt = outcome.endsAt + AFTER_THE_WINDOW;
  const [, ttl] = newMail(mail, dueAt, undefined);
  const into = { mailId: combinedMailId(customerId, dueAt, to), dueAt };
  return (await combineNotice(table, mail, into, ttl)) ? 'combined' : 'gone';
}
