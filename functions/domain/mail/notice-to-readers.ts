import type { Write } from '../../table/engine/transaction.ts';
import { putMailWith, type MailToMany } from '../../table/mails.ts';
import { newMail } from './new-mail.ts';

type ToReaders = Extract<MailToMany, { recipients: 'notice-readers' }>;
type WithoutEnvelope<N> = N extends unknown ? Omit<N, 'mailId' | 'recipients' | 'requestId' | 'copiedThrough'> : never;
/** A notice that each administrator may choose to get. */
export type NoticeToReaders = WithoutEnvelope<ToReaders>;

/**
 * Returns the write that stores a notice to all administrators who get the notices of its kind. The write belongs in
 * one transaction with the decision to send the notice. `requestId` is the ID of the request, or of the invocation,
 * that makes the decision. `now` is in epoch milliseconds.
 */
export const noticeToReaders = (notice: NoticeToReaders, now: number, requestId: string | undefined): Write =>
  putMailWith(...newMail({ ...notice, recipients: 'notice-readers' }, now, requestId));
