import { fieldError } from '../../contract/errors/field-errors.ts';
import type { CustomerView } from '../../contract/customers.ts';
import { checkCaller, makePrivileged, readAdministrator } from '../../table/administrators.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { setRepresentative } from '../../table/customers/customer-edits.ts';
import { putMailWith } from '../../table/mails.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { lostRights, staleVersion } from '../refusals.ts';
import { getCustomer } from './get-customer.ts';
import { newMail } from '../mail/new-mail.ts';
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Makes an active administrator the representative of the customer to which the caller belongs, and returns the
 * customer in the form that API responses use. One transaction sets the representative, makes the new representative
 * privileged, and stores an e-mail to be sent to each of these people: the old representative, the new representative
 * and the caller. Changes nothing when the administrator is the representative already.
 *
 * Throws `InvalidInputError` when `administratorId` is not the ID of an active administrator of the customer. Throws
 * `VersionConflictError` when the customer no longer has the version `version`. Throws `ReauthenticationRequiredError`
 * when the caller did not sign in within the last 5 minutes, and `RecoveryHoldError` during a recovery hold of the
 * caller. Throws `UnauthenticatedError` when the caller lost rights after the request was authenticated.
 */
export async function changeRepresentative(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  { administratorId }: { administratorId: string },
): Promise<CustomerView> {
  const { table, clock, requestId } = services;
  const { customer } = caller;
  const { customerId } = customer;
  requireRecentSignIn(caller, clock.now());
  if (version !== customer.version) throw staleVersion();
  const [oldOne, newOne] = await Promise.all([
    readAdministrator(table, customerId, customer.representativeId, 'strong'),
    readAdministrator(table, customerId, administratorId, 'strong'),
  ]);
  const notPossible = new InvalidInputError([fieldError('#/administratorId', 'not-an-active-administrator')]);
  if (newOne?.status !== 'active') throw notPossible;
  if (administratorId === customer.representativeId) return getCustomer(services, caller);

  const concerned = new Map([oldOne, newOne, caller.administrator].flatMap((one) => (one ? [[one.email, one]] : [])));
  const isOwn = administratorId === caller.administrator.administratorId;
  const mails = [...concerned].map(([to, { language }]) =>
    putMailWith(
      ...newMail(
        {
          template: 'representative-changed',
          to,
          language,
          customerId,
          customerName: customer.name,
          oldName: oldOne?.name ?? '',
          newName: newOne.name,
          changedBy: caller.administrator.name,
        },
        clock.now(),
        requestId,
      ),
    ),
  );
  const change = newChange(services, caller, customerId, {
    kind: 'representative-changed',
    subject: { id: administratorId, name: newOne.name },
    before: { administratorId: customer.representativeId },
    after: { administratorId },
  });
  const failures = await transact(table, {
    audit: change.write,
    // A DynamoDB transaction can have only one operation on each item. So when the caller makes themselves the
    // representative, this write also checks the caller's rights.
    administrator: makePrivileged(isOwn ? caller.administrator : newOne, { isCaller: isOwn }),
    caller: isOwn ? undefined : checkCaller(caller.administrator),
    customer: setRepresentative(customer, administratorId),
    mail1: mails[0],
    mail2: mails[1],
    mail3: mails[2],
  });
  if (failures?.caller || (isOwn && failures?.administrator)) throw lostRights();
  if (failures?.customer) throw staleVersion();
  if (failures) throw notPossible;
  change.log();
  const changed = await readCustomer(table, customerId, 'strong');
  const privileged = isOwn ? { privilege: 'privileged' as const } : {};
  return getCustomer(services, {
    customer: changed ?? customer,
    administrator: { ...caller.administrator, ...privileged },
  });
}
