import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import type { Clock } from '../../functions/domain/time.ts';
import { toIso } from '../../functions/domain/time.ts';
import type { Mailer, Message } from '../../functions/email/mailer.ts';

/** An e-mail in the form that `GET /_local/mail` returns. */
export interface OutboxMail extends Message {
  readonly id: string;
  readonly sentAt: string;
}
/** Replaces SES in the local service. The outbox stores e-mails so that people and tests can read them. */
export interface Outbox extends Mailer {
  /** All sent e-mails, newest last. */
  readonly mails: readonly OutboxMail[];
}

/** Opens an outbox. `file` stores the e-mails, one per line. @default - the outbox stores e-mails only in memory */
export async function openOutbox(clock: Clock, file?: string): Promise<Outbox> {
  const kept = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const mails = kept
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OutboxMail);
  return {
    mails,
    async send({ to, subject, text, html, tags }) {
      const sentAt = toIso(clock.now());
      const mail = { id: randomUUID(), to, subject, text, html, sentAt, ...(tags && { tags }) };
      if (file !== undefined) await appendFile(file, `${JSON.stringify(mail)}\n`);
      mails.push(mail);
      return mail.id;
    },
  };
}
