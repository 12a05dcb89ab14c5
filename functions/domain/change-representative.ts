import type { CustomerView } from '../contract/customers.ts';
import { makePrivileged, readAdministrator } from '../table/administrators.ts';
import { readCustomer, setRepresentative } from '../table/customers.ts';
import { putMailWith } from '../table/mails.ts';
import { transact } from '../table/transaction.ts';
import { actorOf, type AdministratorCaller } from './callers.ts';
import { logChange } from './changes.ts';
import { STALE } from './edit-customer.ts';
import { InvalidInputError, VersionConflictError } from './errors.ts';
import { getCustomer } from './get-customer.ts';
import { newMail } from './mails.ts';
import type { CalendarServices } from './services.ts';

/**
 * Makes another active administrator of the customer the representative, privileged, on the version that was read. The
 * old one, the new one and whoever changed it get an e-mail: all in one transaction. Throws `InvalidInputError` for
 * anybody else and `VersionConflictError` when the version is stale.
 */
export async function changeRepresentative(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  { administratorId }: { administratorId: string },
): Promise<CustomerView> {
  const { table, clock, log } = services;
  const { customer } = caller;
  const { customerId } = customer;
  if (version !== customer.version) throw new VersionConflictError(STALE);
  const [oldOne, newOne] = await Promise.all([
    readAdministrator(table, customerId, customer.representativeId, 'strong'),
    readAdministrator(table, customerId, administratorId, 'strong'),
  ]);
  const notPossible = new InvalidInputError([
    { pointer: '#/administratorId', detail: 'Must be an active administrator of this customer' },
  ]);
  if (newOne?.status !== 'active') throw notPossible;
  if (administratorId === customer.representativeId) return getCustomer(services, caller);

  const concerned = new Map([oldOne, newOne, caller.administrator].flatMap((one) => (one ? [[one.email, one]] : [])));
  const mails = [...concerned.keys()].map((to) =>
    putMailWith(
      ...newMail(
        {
          template: 'representative-changed',
          to,
          customerId,
          customerName: customer.name,
          oldName: oldOne?.name ?? '',
          newName: newOne.name,
          changedBy: caller.administrator.name,
        },
        clock.now(),
      ),
    ),
  );
  const failures = await transact(table, {
    administrator: makePrivileged(customerId, administratorId),
    customer: setRepresentative(customerId, administratorId, version),
    mail1: mails[0],
    mail2: mails[1],
    mail3: mails[2],
  });
  if (failures?.customer) throw new VersionConflictError(STALE);
  if (failures) throw notPossible;
  logChange(log, {
    actor: actorOf(caller),
    what: 'representative',
    customerId,
    before: { administratorId: customer.representativeId },
    after: { administratorId },
  });
  const changed = await readCustomer(table, customerId, 'strong');
  const privileged =
    caller.administrator.administratorId === administratorId ? { privilege: 'privileged' as const } : {};
  return getCustomer(services, {
    customer: changed ?? customer,
    administrator: { ...caller.administrator, ...privileged },
  });
}
