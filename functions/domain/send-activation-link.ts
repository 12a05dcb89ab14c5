import { checkProvisional, readAdministrator } from '../table/administrators.ts';
import { putMailWith } from '../table/mails.ts';
import { transact } from '../table/transaction.ts';
import type { AdministratorCaller } from './callers.ts';
import { AlreadyExistsError, NotFoundError } from './errors.ts';
import { newMail } from './mails.ts';
import type { Services } from './services.ts';

/** Has a provisional administrator's activation link sent again. Throws `NotFoundError`, or `AlreadyExistsError` for an active one. */
export async function sendActivationLink(
  { table, clock }: Services,
  { customer: { customerId } }: AdministratorCaller,
  administratorId: string,
): Promise<void> {
  const administrator = await readAdministrator(table, customerId, administratorId, 'strong');
  if (!administrator) throw new NotFoundError('There is no such administrator.');
  const alreadyActive = new AlreadyExistsError('The administrator is active already.');
  if (administrator.status === 'active') throw alreadyActive;
  const failures = await transact(table, {
    administrator: checkProvisional(administrator),
    mail: putMailWith(...newMail({ template: 'activation', to: administrator.email, customerId }, clock.now())),
  });
  if (failures) throw alreadyActive;
}
