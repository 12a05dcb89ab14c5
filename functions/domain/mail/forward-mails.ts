import type { Log } from '../services.ts';
import { lineOf, type MailLine } from './mail-rules.ts';

/** A message of a queue of e-mails. It contains only IDs, because an e-mail contains personal data. */
export interface MailMessage {
  readonly mailId: string;
  /** The ID of the request, or of the invocation, that caused the e-mail. @default - several requests did */
  readonly requestId?: string | undefined;
}

export interface ForwardMailsServices {
  /** For each line, sends messages to the queue of the line. */
  readonly lines: Readonly<Record<MailLine, (messages: readonly MailMessage[], delay: number) => Promise<void>>>;
  readonly log: Log;
}

/**
 * Sends the IDs of new e-mails to the queues of their lines, and logs each of them. Throws an error when a queue does
 * not accept the IDs; the caller must then forward all of the e-mails again. An ID that a queue gets twice does no
 * harm, because an e-mail that was sent no longer exists.
 */
export async function forwardMails(
  { lines, log }: ForwardMailsServices,
  mails: readonly (MailMessage & { readonly template: string })[],
): Promise<void> {
  const waiting = Map.groupBy(mails, ({ template }) => lineOf(template));
  await Promise.all(
    [...waiting].map(([line, group]) =>
      lines[line](
        group.map(({ mailId, requestId }) => ({ mailId, requestId })),
        0,
      ),
    ),
  );
  for (const { mailId, requestId, template } of mails) {
    log.info('an e-mail was forwarded', { mailId, requestId, template });
  }
}
