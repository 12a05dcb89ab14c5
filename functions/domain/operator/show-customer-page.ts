import { readCustomer } from '../../table/customers/customers.ts';
import { readLatestLicenses } from '../../table/licenses.ts';
import { readStatements } from '../../table/metering/statements.ts';
import { keptLicenseViews, operatorLicenseView } from '../licenses/operator-license-view.ts';
import { moneyView } from '../licenses/overage-fee.ts';
import { noSuchCustomer } from '../refusals.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { customerLine } from './list-customer-lines.ts';
import { meterCustomers } from './metered-customers.ts';

/** The numbers of licenses and statements on the page. A license or a statement takes up to 0.5 KB. */
const LICENSES = 20;
const STATEMENTS = 12;

/**
 * Returns the part of `customer show` that takes few read units, whatever the customer has: at most 5. Throws
 * `NotFoundError` when there is no such customer, or when nobody has activated it.
 */
export async function showCustomerPage(services: CalendarServices, customerId: string) {
  const { table, clock } = services;
  const now = clock.now();
  const customer = await readCustomer(table, customerId, 'eventual');
  if (!customer || customer.status === 'provisional') throw noSuchCustomer(customerId);
  const [metered, { licenses, hasMore }, statements] = await Promise.all([
    meterCustomers(services, [customer], now),
    readLatestLicenses(table, customerId, LICENSES),
    readStatements(table, customerId, STATEMENTS, undefined),
  ]);
  const [line] = metered.map((one) => {
    const { representative, ...others } = customerLine(one, now);
    return {
      ...others,
      representative: representative && {
        ...representative,
        undeliverable: one.representative?.undeliverable === true,
      },
      licenseInForce: operatorLicenseView(one.license),
    };
  });
  if (!line) throw noSuchCustomer(customerId);
  const { enabled, threshold, levels = [], lastNotification } = customer.mauAlert;
  return {
    ...line,
    status: customer.status,
    pendingUnsubscription: line.pendingUnsubscription ?? null,
    address: customer.address,
    phoneNumber: customer.phoneNumber,
    licenses: keptLicenseViews(customer, licenses, now),
    hasMoreLicenses: hasMore,
    mauAlert: {
      ...{ enabled, threshold, levels: [...levels] },
      lastNotification: lastNotification && { ...lastNotification, at: toIso(lastNotification.at) },
    },
    statements: statements.items.map(
      ({ month, closedAt, license, mau, measured = 0, maxMau, overageMau, overageFee }) => ({
        ...{ month, closedAt: toIso(closedAt), license: license.type, mau, measured, maxMau, overageMau },
        overageFee: overageFee && moneyView(overageFee),
      }),
    ),
    unsubscribedAt: customer.unsubscription ? toIso(customer.unsubscription.startedAt) : null,
  };
}
