import { putLicenseNotices } from '../../table/customers/license-notices.ts';
import { pendingUnsubscription, type Customer, type LicenseNotices } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { noticeToReaders, type NoticeToReaders } from '../mail/notice-to-readers.ts';
import type { Services } from '../services.ts';
import { DAY } from '../time.ts';
import { expiryOf, licenseInForce, licenseStatus, scheduledLicenses } from './license.ts';

/** The numbers of days before the end of a license at which the service sends a notice. 0: the license has ended. */
const DAYS_BEFORE = [0, 7, 30];
/**
 * How long after the end of a license, in milliseconds, the service still says that it has ended. A license that ended
 * before the service knew these notices ended long ago, and its end is no news.
 */
const NEWS_FOR = 7 * DAY;
/** The shares of the maximum number of users, in percent, at which the service sends a notice. */
const PERCENT = [100, 80];
/** The share, in percent, below which the notices about the number of users are armed again. */
const ARMED_AGAIN_BELOW = 50;

/** A decision: the notices as the customer item stores them, and the notice to send. */
interface Decision {
  readonly decided: LicenseNotices;
  /** @default - nothing is sent, because the notices are only armed again */
  readonly notice?: NoticeToReaders | undefined;
}

/**
 * Decides whether the administrators of a customer get a notice that the license ends or has ended, or that a Free
 * license allows few or no further users. Returns whether a notice was stored. `customer` is the item as the calling
 * run read it, also with an eventually consistent read. Reads nothing.
 *
 * One transaction stores the decision in the customer item and the notice. If the process dies before it, nothing has
 * changed, and the next run decides; if it dies afterwards, the stored notice is sent like every e-mail. When two runs
 * decide at the same time, or a run has read an old item, the second transaction fails:
 *
 *     A reads the customer: no notice              B reads the customer: no notice
 *     A stores the decision and the notice
 *                                                  B's condition is false: B stores nothing
 */
export async function decideLicenseNotice(
  { table, clock, requestId }: Pick<Services, 'table' | 'clock' | 'requestId'>,
  customer: Customer,
): Promise<boolean> {
  const now = clock.now();
  if (customer.status !== 'active' || pendingUnsubscription(customer)) return false;
  const decision = decisionOnEnd(customer, now) ?? decisionOnUsers(customer, now);
  if (!decision) return false;
  const { decided, notice } = decision;
  const failures = await transact(table, {
    customer: putLicenseNotices(customer, decided),
    notice: notice && noticeToReaders(notice, now, requestId),
  });
  return !failures && notice !== undefined;
}

/**
 * Returns the decision about the end of the license, at most once for each end and number of days. A license that was
 * shorter than 30 days from the beginning gets no notice 30 days before its end.
 */
function decisionOnEnd(customer: Customer, now: number): Decision | undefined {
  const { customerId, name: customerName, licenseNotices = {} } = customer;
  const endsAt = expiryOf(customer, now);
  if (endsAt === null || now >= endsAt + NEWS_FOR) return undefined;
  const ending = [licenseInForce(customer, now), ...scheduledLicenses(customer, now)].find(
    (license) => license.endsAt === endsAt,
  );
  const withinDays = DAYS_BEFORE.find((days) => endsAt - now <= days * DAY);
  if (!ending || withinDays === undefined || endsAt - ending.startsAt < withinDays * DAY) return undefined;
  const { ending: last } = licenseNotices;
  if (last?.endsAt === endsAt && last.withinDays <= withinDays) return undefined;
  const { type } = ending;
  return {
    decided: { ...licenseNotices, ending: { endsAt, withinDays } },
    notice: { template: 'license-ending', customerId, customerName, type, endsAt, withinDays },
  };
}

/**
 * Returns the decision about the number of users, at most once for each Free license and share. The notices are armed
 * again when fewer than half of the users that the license allows are registered.
 */
function decisionOnUsers(customer: Customer, now: number): Decision | undefined {
  const { customerId, name: customerName, registeredUsers, licenseNotices = {} } = customer;
  const license = licenseInForce(customer, now);
  if (license.type !== 'free' || licenseStatus(license, now) !== 'active') return undefined;
  const { maxRegisteredUsers, setAt } = license;
  const last = licenseNotices.users?.setAt === setAt ? licenseNotices.users : undefined;
  const share = (100 * registeredUsers) / maxRegisteredUsers;
  if (share < ARMED_AGAIN_BELOW) {
    const { users: _, ...others } = licenseNotices;
    return last && { decided: others };
  }
  const percent = PERCENT.find((each) => share >= each);
  if (percent === undefined || (last && last.percent >= percent)) return undefined;
  return {
    decided: { ...licenseNotices, users: { setAt, percent } },
    notice: { template: 'users-near-maximum', customerId, customerName, registeredUsers, maxRegisteredUsers },
  };
}
