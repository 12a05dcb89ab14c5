import { putMailWith } from '../../table/mails.ts';
import type { Passkey } from '../../table/signing-in/passkeys.ts';
import type { Write } from '../../table/engine/transaction.ts';
import type { AdministratorCaller } from '../callers.ts';
import { newMail } from '../mail/new-mail.ts';

/**
 * Returns the writes that store the e-mails about a new passkey. The caller, who owns the passkey, always gets an
 * e-mail. If a recovery link added the passkey, `holdUntil` is the end of the recovery hold, and another e-mail
 * notifies everybody else who can undo the recovery: the privileged administrators, including the representative.
 */
export function mailsAboutPasskey(
  { administrator, customer }: AdministratorCaller,
  { name: passkeyName, createdAt: addedAt }: Passkey,
  holdUntil: number | undefined,
  requestId: string | undefined,
): { readonly mail: Write; readonly notice: Write | undefined } {
  const { customerId, administratorId, name, email, language, privilege } = administrator;
  const isRepresentatives = customer.representativeId === administratorId;
  const about = {
    template: 'passkey-added',
    customerId,
    customerName: customer.name,
    name,
    passkeyName,
    addedAt,
    isRepresentatives,
    holdUntil,
    isPrivileged: isRepresentatives || privilege === 'privileged',
  } as const;
  const toOthers = { recipients: 'privileged-administrators', exceptId: administratorId, isOwn: false } as const;
  return {
    mail: putMailWith(...newMail({ ...about, to: email, language, isOwn: true }, addedAt, requestId)),
    notice:
      holdUntil === undefined ? undefined : putMailWith(...newMail({ ...about, ...toOthers }, addedAt, requestId)),
  };
}
