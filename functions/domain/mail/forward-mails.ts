import { lineOf, type MailLine } from './mail-rules.ts';

export interface ForwardMailsServices {
  /** For each line, sends the IDs of e-mails to the queue of the line. */
  readonly lines: Readonly<Record<MailLine, (mailIds: readonly string[], delay: number) => Promise<void>>>;
}

/**
 * Sends the IDs of new e-mails to the queues of their lines. The queues contain only IDs, because an e-mail contains
 * personal data. Throws an error when a queue does not accept the IDs; the caller must then forward all of the e-mails
 * again. An ID that a queue gets twice does no harm, because an e-mail that was sent no longer exists.
 */
export async function forwardMails(
  { lines }: ForwardMailsServices,
  mails: readonly { readonly mailId: string; readonly template: string }[],
): Promise<void> {
  const waiting = Map.groupBy(mails, ({ template }) => lineOf(template));
  await Promise.all(
    [...waiting].map(([line, group]) =>
      lines[line](
        group.map(({ mailId }) => mailId),
        0,
      ),
    ),
  );
}
