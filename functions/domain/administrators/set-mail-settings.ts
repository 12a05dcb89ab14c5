import { isDeepStrictEqual } from 'node:util';
import type { MailSettings } from '../../contract/values/mail-values.ts';
import { updateMailSettings } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { getsNotices, noticeKinds, type ChosenNotices } from '../mail/notice-kinds.ts';
import { mailSettingsOf } from './mail-settings-of.ts';
import { lostRights } from '../refusals.ts';
import type { Services } from '../services.ts';

/**
 * Sets the language of the e-mails to the caller and which notices the caller gets, and returns these settings. Writes
 * nothing when they are the present ones. A
 * choice that equals the default is not stored: an administrator who gets no notices, and later becomes the
 * representative, then gets them like every representative. Throws `UnauthenticatedError` when the caller lost rights
 * after the request was authenticated. One transaction stores the settings and the audit entry: if the process dies,
 * the settings are either stored or unchanged.
 */
export async function setMailSettings(
  services: Services,
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
  const before = mailSettingsOf(administrator, customer);
  const after = mailSettingsOf({ administratorId, language, notices }, customer);
  if (isDeepStrictEqual(before, after)) return after;
  const change = newChange(services, caller, customer.customerId, {
    kind: 'mail-settings-set',
    before: { administratorId, ...before },
    after: { administratorId, ...after },
  });
  const failures = await transact(services.table, {
    administrator: updateMailSettings(administrator, { language, notices }),
    audit: change.write,
  });
  if (failures) throw lostRights();
  change.log();
  return after;
}
