import type { MailSettings } from '../../contract/values/mail-values.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { languageOf } from '../mail/languages.ts';
import { getsNotices, type noticeKinds } from '../mail/notice-kinds.ts';

/** Returns the language of the e-mails to an administrator, and which notices the administrator gets now. */
export function mailSettingsOf(
  administrator: Pick<Administrator, 'administratorId' | 'language' | 'notices'>,
  { representativeId }: Pick<Customer, 'representativeId'>,
): MailSettings {
  const gets = (kind: (typeof noticeKinds)[number]) =>
    getsNotices(administrator, kind, administrator.administratorId === representativeId);
  return {
    language: languageOf(administrator),
    notices: { license: gets('license'), users: gets('users'), statements: gets('statements') },
  };
}
