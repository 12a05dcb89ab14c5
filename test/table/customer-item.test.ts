import { describe, expect, it } from 'vitest';
import type { Table } from '../../functions/table/engine/client.ts';
import type { Write } from '../../functions/table/engine/transaction.ts';
import * as edits from '../../functions/table/customers/customer-edits.ts';
import * as licenses from '../../functions/table/customers/customer-licenses.ts';
import * as status from '../../functions/table/customers/customer-status.ts';
import type { Customer } from '../../functions/table/customers/customers.ts';
import * as notifications from '../../functions/table/customers/notifications.ts';
import * as requests from '../../functions/table/customers/unsubscription-requests.ts';
import * as counts from '../../functions/table/customers/registered-counts.ts';

const license = {
  type: 'free',
  startsAt: 0,
  endsAt: null,
  setAt: 0,
  maxRegisteredRps: 1,
  maxRegisteredUsers: 100,
} as const;
const customer: Customer = {
  customerId: 'cus_a',
  name: 'Shop',
  address: null,
  phoneNumber: null,
  status: 'active',
  version: 1,
  licenseVersion: 1,
  representativeId: 'adm_a',
  license,
  upcomingLicenses: [],
  registeredRps: 0,
  registeredUsers: 0,
  mauAlert: { enabled: false, threshold: null, lastNotification: null },
  createdAt: 0,
  rpsOfMonth: { month: '2026-11', registered: 1 },
  usersOfMonth: { month: '2026-11', registered: 1 },
};
const request = { requestedAt: 0, effectiveAt: 1, requestedBy: 'adm_a' };
const lastPaid = { month: '2026-11', billedBy: 0 };
const notification = { month: '2026-11', threshold: 1, status: 'pending', at: 0 } as const;
const [month, max] = ['2026-11', { rps: 1, users: 100 }];
const maxima = { max: 100, month, maxOfMonth: 200 };

/** Returns a table that does nothing, and a list that receives each update that is sent to the table. */
function recording() {
  const sent: Write[] = [];
  const client = {
    send: ({ input }: { input: NonNullable<Write['Update']> }) => {
      sent.push({ Update: input });
      return Promise.resolve({});
    },
  };
  return { table: { name: 'table', client } as unknown as Table, sent };
}
async function sentBy(write: (table: Table) => Promise<unknown>): Promise<Write[]> {
  const { table, sent } = recording();
  await write(table);
  return sent;
}

/**
 * Every function that writes to an existing customer item, grouped by file. Each function has a list of example writes.
 * Together, these writes contain every attribute that the function can write. `creates` names the functions that
 * create, replace or delete the item as a whole.
 */
const writes: Record<string, { module: object; creates?: string[]; by: Record<string, Write[] | Promise<Write[]>> }> = {
  'customer-status.ts': {
    module: status,
    creates: ['putCustomer', 'putProvisionalCustomer', 'activateCustomer', 'deleteCustomer'],
    by: {
      startUnsubscribing: [status.startUnsubscribing(customer, { startedAt: 0, by: 'operator', discards: true })],
      allowDiscarding: sentBy((table) => status.allowDiscarding(table, 'cus_a')),
      moveFence: sentBy((table) => status.moveFence(table, 'cus_a', 0)),
      keepAnnounced: sentBy((table) => status.keepAnnounced(table, 'cus_a', 0)),
      keepFound: sentBy((table) => status.keepFound(table, 'cus_a', {})),
      keepConfirmingMail: [status.keepConfirmingMail('cus_a', { mailId: 'mail_a', leftAt: 0 })],
    },
  },
  'unsubscription-requests.ts': {
    module: requests,
    by: {
      putUnsubscriptionRequest: [requests.putUnsubscriptionRequest(customer, request, { startedAt: 0, requests: 1 })],
      cancelUnsubscriptionRequest: [requests.cancelUnsubscriptionRequest(customer)],
    },
  },
  'customer-edits.ts': {
    module: edits,
    by: {
      setRepresentative: [edits.setRepresentative(customer, 'adm_b')],
      updateCustomer: [edits.updateCustomer(customer, { name: 'Shop', address: null, phoneNumber: null })],
      updateMauAlert: [
        edits.updateMauAlert(customer, { enabled: true, threshold: 1 }),
        edits.updateMauAlert(customer, { enabled: true, threshold: 1, levels: ['80%'], recipients: ['adm_b'] }),
      ],
    },
  },
  'customer-licenses.ts': {
    module: licenses,
    by: {
      setLicenses: [licenses.setLicenses(customer, customer, max, { lastPaid, cancelsUnsubscription: true })],
      closeThrough: [licenses.closeThrough(customer, month, lastPaid)],
    },
  },
  'registered-counts.ts': {
    module: counts,
    by: {
      countUsersIn: [
        counts.countUsersIn(customer, 1, maxima),
        counts.countUsersIn({ ...customer, usersOfMonth: undefined }, 1, maxima),
      ],
      countRpIn: [counts.countRpIn(customer, maxima), counts.countRpIn({ ...customer, rpsOfMonth: undefined }, maxima)],
      countOut: [counts.countOut('cus_a', { registeredRps: 1, registeredUsers: 1 })],
    },
  },
  'notifications.ts': {
    module: notifications,
    by: {
      notifyOf: [notifications.notifyOf('cus_a', notification)],
      updateNotification: [notifications.updateNotification({ customerId: 'cus_a', ...notification }, null)],
    },
  },
};

/** Returns the paths that an update sets, adds to or removes, such as `mauAlert.enabled`. */
function pathsOf({ Update }: Write): string[] {
  const clauses = (Update?.UpdateExpression ?? '').split(/\b(?:SET|ADD|REMOVE)\b/);
  const actions = clauses.flatMap((clause) => clause.split(/,(?![^(]*\))/)).map((action) => action.trim());
  return actions
    .filter((action) => action !== '')
    .map((action) =>
      (action.split(/[\s=]/, 1)[0] ?? '').replace(/#\w+/g, (name) => Update?.ExpressionAttributeNames?.[name] ?? ''),
    );
}

describe('the customer item', () => {
  it('is written in files whose exported functions are all listed in this test file', () => {
    for (const [file, { module, creates = [], by }] of Object.entries(writes)) {
      expect([file, Object.keys(module).sort()]).toEqual([file, [...creates, ...Object.keys(by)].sort()]);
    }
  });

  it('contains no attribute that functions in two files write, except the request to unsubscribe', async () => {
    const owned: Record<string, string[]> = {};
    for (const [file, { by }] of Object.entries(writes)) {
      const paths: string[] = [];
      for (const written of Object.values(by)) paths.push(...(await written).flatMap(pathsOf));
      owned[file] = [...new Set(paths)].sort();
    }
    expect(owned).toEqual({
      'customer-status.ts': [
        'status',
        'unsubscription',
        'unsubscription.announcedAt',
        'unsubscription.discards',
        'unsubscription.found',
        'unsubscription.mail',
        'unsubscription.startedAt',
      ],
      'customer-edits.ts': [
        'address',
        'finderSk',
        'mauAlert.enabled',
        'mauAlert.levels',
        'mauAlert.recipients',
        'mauAlert.threshold',
        'name',
        'phoneNumber',
        'representativeId',
        'version',
      ],
      'unsubscription-requests.ts': ['unsubscriptionRequest', 'unsubscriptionsOfDay'],
      'customer-licenses.ts': [
        'closedThrough',
        'lastPaid',
        'license',
        'licenseVersion',
        'unsubscriptionRequest',
        'upcomingLicenses',
      ],
      'registered-counts.ts': [
        'registeredRps',
        'registeredUsers',
        'rpsOfMonth',
        'rpsOfMonth.registered',
        'usersOfMonth',
        'usersOfMonth.registered',
      ],
      'notifications.ts': ['mauAlert.lastNotification'],
    });
    // A paid license cancels a pending unsubscription in the same write.
    const paths = Object.values(owned).flat();
    const shared = paths.filter((path, index) => paths.indexOf(path) !== index);
    expect(shared).toEqual(['unsubscriptionRequest']);
  });
});
