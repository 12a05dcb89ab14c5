import { readAllAdministrators } from '../../table/administrators.ts';
import { putMailWith } from '../../table/mails.ts';
import type { Passkey } from '../../table/signing-in/passkeys.ts';
import type { Write } from '../../table/engine/transaction.ts';
import type { AdministratorCaller } from '../callers.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';

/**
 * The maximum number of people, besides the owner of the passkey, who are notified of a recovery. A DynamoDB transaction
 * has at most 100 writes, and the transaction that adds the passkey needs some of them for other items.
 */
const MAX_NOTIFIED = 90;

/**
 * Returns the writes that store the e-mails about a new passkey. The caller, who owns the passkey, always gets an
 * e-mail. If a recovery link added the passkey, `holdUntil` is the end of the recovery hold, and e-mails also notify
 * everybody who can undo the recovery: the representative and the other active privileged administrators. If more than
 * 90 people can undo the recovery, the representative and 89 others are notified.
 */
export async function mailsAboutPasskey(
  { table }: Services,
  { administrator, customer }: AdministratorCaller,
  { name: passkeyName, createdAt: addedAt }: Passkey,
  holdUntil: number | undefined,
): Promise<Record<string, Write>> {
  const { customerId, administratorId, name, email, privilege } = administrator;
  const { name: customerName, representativeId } = customer;
  const isRepresentatives = representativeId === administratorId;
  const others = (holdUntil === undefined ? [] : await readAllAdministrators(table, customerId))
    .filter((other) => other.administratorId !== administratorId && other.status === 'active')
    .filter((other) => other.privilege === 'privileged' || other.administratorId === representativeId)
    .sort((a, b) => Number(b.administratorId === representativeId) - Number(a.administratorId === representativeId))
    .slice(0, MAX_NOTIFIED);
  const about = {
    customerId,
    customerName,
    name,
    passkeyName,
    addedAt,
    byLink: holdUntil !== undefined,
    isRepresentatives,
    holdUntil,
    isPrivileged: isRepresentatives || privilege === 'privileged',
  };
  return Object.fromEntries(
    [email, ...others.map((other) => other.email)].map((to) => [
      `mail to ${to}`,
      putMailWith(...newMail({ template: 'passkey-added', to, ...about, isOwn: to === email }, addedAt)),
    ]),
  );
}
