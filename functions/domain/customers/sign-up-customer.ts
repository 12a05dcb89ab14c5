import type { output } from 'zod';
import type { signUpCustomerContract as contract } from '../../contract/customers.ts';
import { putAdministrator } from '../../table/administrators.ts';
import { reserveEmail } from '../../table/administrator-emails.ts';
import { putProvisionalCustomer } from '../../table/customers/customer-status.ts';
import { claimBySignUp } from '../../table/emails.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readTokenToTake } from '../../table/limits/link-limits.ts';
import { putLicense } from '../../table/licenses.ts';
import { putMail, putMailWith } from '../../table/mails.ts';
import { customerLapsesAt, ttlAfter } from '../activation-deadline.ts';
import { logChange } from '../change-log.ts';
import { newId } from '../ids.ts';
import { anonymousBucket } from '../mail/link-allowances.ts';
import { newMail } from '../mail/new-mail.ts';
import { licenseFromPlan, type PlanServices } from '../licenses/plans.ts';
import { limitSignUps, type LimitedSignUpServices } from './limit-sign-ups.ts';

/**
 * In one transaction, creates a provisional customer with its representative and a Free license, claims the e-mail
 * address for the sign-up, and stores an activation e-mail, which the service then sends. If the e-mail address belongs
 * to an administrator, creates nothing and stores an e-mail with a sign-in link instead. The response is the same in
 * every case, so the response does not reveal whether an address is known.
 *
 * Anybody can type an address, so a sign-up reserves nothing. The latest sign-up with an address wins:
 *
 *     a stranger signs up      the claim names the stranger's customer; an e-mail with link 1 is sent
 *     the owner signs up       the claim names the owner's customer; an e-mail with link 2 is sent
 *     link 1 is opened         refused, because the claim names another customer
 *     link 2 is opened         the owner's customer becomes active, and the address belongs to the owner
 *
 * A sign-up whose link may not be sent, because the address has received the maximum number of links, creates and
 * claims nothing. So the last link that the owner of the address received always works.
 *
 * Until the activation, every item of the customer has a TTL, and the customer is in no index. If nobody activates the
 * customer within 7 days, reads treat the customer as absent, and DynamoDB then deletes the items. If the process dies
 * before the transaction, nothing has changed.
 *
 * `callerAddress` is the IP address of the caller. Throws `TooManyRequestsError` when the caller's network or the
 * domain of the e-mail address has signed up too often.
 */
export async function signUpCustomer(
  services: LimitedSignUpServices & PlanServices,
  { customer, representative }: output<typeof contract.body>,
  callerAddress: string,
): Promise<void> {
  await limitSignUps(services, { callerAddress, email: representative.email });
  await signUp(services, { customer, representative });
}

async function signUp(
  services: LimitedSignUpServices & PlanServices,
  { customer, representative }: output<typeof contract.body>,
): Promise<void> {
  const { table, clock, log, metrics, plans, requestId } = services;
  const now = clock.now();
  const token = await readTokenToTake(table, anonymousBucket(representative.email), now);
  if (!token) {
    metrics.add('LimitedLinks', 1);
    log.info('a sign-up is ignored', { reason: 'link-limit' });
    return;
  }
  const customerId = newId('cus');
  const administratorId = newId('adm');
  const license = licenseFromPlan(plans.free, { startsAt: now, endsAt: null, setAt: now });
  const address = { email: representative.email, customerId, administratorId };
  const endsAt = customerLapsesAt({ createdAt: now });
  const ttl = ttlAfter(endsAt);
  const failures = await transact(table, {
    email: claimBySignUp({ ...address, claim: { by: 'sign-up', endsAt } }, ttl),
    customer: putProvisionalCustomer(
      {
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
      },
      ttl,
    ),
    administrator: putAdministrator(
      {
        customerId,
        administratorId,
        ...representative,
        privilege: 'privileged',
        status: 'provisional',
        sessionGeneration: 0,
        createdAt: now,
      },
      ttl,
    ),
    reserved: reserveEmail(address, ttl),
    license: putLicense(customerId, license, ttl),
    // The e-mail names no customer, because an e-mail of a customer is in the finder (our GSI).
    mail: putMailWith(
      ...newMail({ template: 'activation', to: representative.email, isCounted: true }, now, requestId),
    ),
    token,
  });
  if (failures?.token && !failures.email) return signUp(services, { customer, representative });
  if (failures) {
    await putMail(table, ...newMail({ template: 'sign-in', to: representative.email }, now, requestId));
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
