import type { MailSettings } from '../../contract/values/mail-values.ts';
import { updateMailSettings, type Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { languageOf } from '../mail/languages.ts';
import { getsNotices, noticeKinds, type ChosenNotices } from '../mail/notice-kinds.ts';
import { lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';

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

/**
 * Sets the language of the e-mails to the caller and which notices the caller gets, and returns these settings. A
 * choice that equals the default is not stored: an administrator who gets no notices, and later becomes the
 * representative, then gets them like every representative. Throws `UnauthenticatedError` when the caller lost rights
 * after the request was authenticated. The function makes one write: if the process dies, the settings are either
 * stored or unchanged.
 */
export async function setMailSettings(
  { table, log }: Services,
  caller: AdministratorCaller,
  { language, notices: wanted }: MailSettings,
): Promise<MailSettings> {
  const { administrator, customer } = caller;
  const { administratorId } = administrator;
  const isRepresentative = administratorId === customer.representativeId;
  const isDefault = (kind: (typeof noticeKinds)[number]) => wanted[kind] === getsNotices({}, kind, isRepresentative);
  const notices: ChosenNotices = Object.fromEntries(
    noticeKinds.filter((kind) => !isDefault(kind)).map((kind) => [kind, wanted[kind]]),
  );
  const failures = await transact(table, { administrator: updateMailSettings(administrator, { language, notices }) });
  if (failures) throw lostRights();
  const after = mailSettingsOf({ administratorId, language, notices }, customer);
  logChange(log, {
    actor: actorOf(caller),
    what: 'mail-settings',
    customerId: customer.customerId,
    before: { administratorId, ...mailSettingsOf(administrator, customer) },
    after: { administratorId, ...after },
  });
  return after;
}
