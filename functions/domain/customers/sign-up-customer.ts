import type { output } from 'zod';
import type { signUpCustomerContract as contract } from '../../contract/customers.ts';
import { putAdministrator } from '../../table/administrators.ts';
import { putCustomer } from '../../table/customers/customer-status.ts';
import { putLicense } from '../../table/licenses.ts';
import { putMail, putMailWith } from '../../table/mails.ts';
import { logChange } from '../change-log.ts';
import { newId } from '../ids.ts';
import { newMail } from '../mail/new-mail.ts';
import { licenseFromPlan, type PlanServices } from '../licenses/plans.ts';
import { limitSignUps, type LimitedSignUpServices } from './limit-sign-ups.ts';
import { transactTaking } from '../administrators/take-email.ts';

/**
 * In one transaction, creates a provisional customer with its representative and a Free license, and stores an
 * activation e-mail, which the service then sends. If the e-mail address already belongs to an administrator, creates
 * nothing and stores an e-mail with a sign-in link instead. If an administrator of another customer has invited the
 * person with this address, the address belongs to the invited administrator until the invitation lapses. The response
 * is the same for a new address and for a known address, so the response does not reveal whether an address is known.
 * `callerAddress` is the IP address of the caller. Throws `TooManyRequestsError` when the caller's network or the domain
 * of the e-mail address has signed up too often.
 */
export async function signUpCustomer(
  services: LimitedSignUpServices & PlanServices,
  { customer, representative }: output<typeof contract.body>,
  callerAddress: string,
): Promise<void> {
  const { table, clock, log, plans } = services;
  await limitSignUps(services, { callerAddress, email: representative.email });
  const now = clock.now();
  const customerId = newId('cus');
  const administratorId = newId('adm');
  const license = licenseFromPlan(plans.free, { startsAt: now, endsAt: null, setAt: now });
  const address = { email: representative.email, customerId, administratorId };
  const failures = await transactTaking(services, { administratorId }, address, {
    customer: putCustomer({
      customerId,
      name: customer.name,
      address: customer.address ?? null,
      phoneNumber: customer.phoneNumber ?? null,
      status: 'provisional',
      version: 1,
      licenseVersion: 1,
      representativeId: administratorId,
      license,
      upcomingLicenses: [],
      registeredRps: 0,
      registeredUsers: 0,
      mauAlert: { enabled: false, threshold: null, lastNotification: null },
      createdAt: now,
    }),
    administrator: putAdministrator({
      customerId,
      administratorId,
      ...representative,
      privilege: 'privileged',
      status: 'provisional',
      sessionGeneration: 0,
      createdAt: now,
    }),
    license: putLicense(customerId, license),
    mail: putMailWith(...newMail({ template: 'activation', to: representative.email, customerId, isAnonymous: true }, now)),
  });
  if (failures) {
    await putMail(table, ...newMail({ template: 'sign-in', to: representative.email, isAnonymous: true }, now));
    return;
  }
  logChange(log, {
    actor: { administratorId },
    what: 'customer',
    customerId,
    before: null,
    after: { name: customer.name, representative: administratorId, license: license.type },
  });
}
