import { NONE, table } from './layout.ts';
import type { FailedMails } from './list-failed-mails.ts';

const NOTES = [
  'The table stores only these e-mails: the latest MAU alert of each customer, and the addresses to which SES',
  'delivers no further e-mails ("undeliverable", without a time). For every other e-mail that SES refused, search',
  'the log of the function send-mail for "an e-mail was refused". The metric RefusedMails counts these e-mails.',
];

/** Formats the e-mails that failed or bounced as a table, and says which e-mails the table does not store. */
export function showFailedMails(mails: FailedMails): string {
  const rows = mails.map(({ customerId, customerName, kind, month, address, status, at }) => [
    customerId,
    kind === 'mau-alert' ? `MAU alert ${month ?? ''}` : 'any e-mail',
    status,
    at ?? NONE,
    address ?? NONE,
    customerName,
  ]);
  return [
    rows.length === 0
      ? 'No stored e-mail failed.'
      : table(['CUSTOMER', 'KIND', 'STATUS', 'AT', 'ADDRESS', 'NAME'], rows),
    '',
    ...NOTES,
  ].join('\n');
}
