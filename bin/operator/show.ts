import type {
  CustomerDetails,
  CustomerSummary,
  DiscardedCustomer,
  OperatorError,
  OperatorResults,
} from './invoke-operator.ts';
import { pairs, sections, table } from './layout.ts';
import { licenseSections } from './show-licenses.ts';

/** Gives the customers as a table. Names come last, since nothing behind them can be pushed out of line. */
export function showCustomers(customers: readonly CustomerSummary[]): string {
  if (customers.length === 0) return 'There are no customers.';
  return table(
    ['CUSTOMER', 'STATUS', 'LICENSE', 'RPS', 'USERS', 'SIGNED UP', 'NAME'],
    customers.map((customer) => [
      customer.customerId,
      customer.status,
      `${customer.license}, ${customer.licenseStatus}`,
      String(customer.registeredRps),
      String(customer.registeredUsers),
      customer.createdAt,
      customer.name,
    ]),
  );
}

/** Gives all of a customer, a section a subject. */
export function showCustomer(customer: CustomerDetails | DiscardedCustomer): string {
  if (customer.status === 'discarded') return showDiscarded(customer);
  const { representative, rps } = customer;
  const months = Object.entries(customer.mau);
  return sections(
    [
      customer.name,
      pairs({
        Customer: customer.customerId,
        Status: customer.status,
        'Signed up': customer.createdAt,
        Address: customer.address?.replaceAll(/\s*\n\s*/g, ', ') ?? 'none',
        'Phone number': customer.phoneNumber ?? 'none',
        Representative: representative
          ? `${representative.name} <${representative.email}> ${representative.administratorId}`
          : 'none',
        RPs: String(customer.registeredRps),
        Users: String(customer.registeredUsers),
      }),
    ],
    ...(customer.unsubscription ? [discardingOf(customer.unsubscription)] : []),
    ...licenseSections(customer),
    ['RPs', rps.length === 0 ? 'none' : table(['RP', 'USERS', 'RP ID', 'NAME'], rps.map(rpRow))],
    [
      'MAU',
      months.length === 0
        ? 'none in the last twelve months'
        : table(
            ['MONTH', 'MAU'],
            months.map(([month, count]) => [month, String(count)]),
          ),
    ],
  );
}

/** Gives how far the discarding of a customer is, a kind of item a line. */
function discardingOf(unsubscription: NonNullable<CustomerDetails['unsubscription']>) {
  const { startedAt, by, waitsFor, found, left } = unsubscription;
  const waits = {
    'final-statements': 'waits until its final statements are written: run "customer unsubscribe" again',
    'hourly-run': 'is discarded with the next hourly run',
    discarding: 'is being discarded',
    'confirming-e-mail': 'all but the addresses is discarded; waits until the confirming e-mail is accepted',
  }[waitsFor];
  const kinds = [...new Set([...Object.keys(found), ...Object.keys(left)])].sort();
  // What there was is counted when the discarding begins.
  const isCounted = Object.keys(found).length > 0;
  const rows = kinds.map((kind) => {
    const items = String(left[kind] ?? 0);
    return isCounted ? [String(found[kind] ?? 0), items, kind] : [items, kind];
  });
  const head = isCounted ? ['FOUND', 'LEFT', 'KIND'] : ['ITEMS', 'KIND'];
  return ['Discarding', `${pairs({ Since: startedAt, 'Ended by': by, Now: waits })}\n${table(head, rows)}`] as const;
}

function showDiscarded({ customerId, unsubscribedAt, discardedAt, discarded }: DiscardedCustomer): string {
  return sections(
    [
      'A customer that was discarded',
      pairs({ Customer: customerId, Unsubscribed: unsubscribedAt, Discarded: discardedAt ?? 'not yet' }),
    ],
    [
      'Discarded',
      table(
        ['ITEMS', 'KIND'],
        Object.entries(discarded)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([kind, items]) => [String(items), kind]),
      ),
    ],
  );
}

const rpRow = ({ id, rpId, name, registeredUsers, removed }: CustomerDetails['rps'][number]) => [
  id,
  String(registeredUsers),
  rpId,
  removed ? `${name} (removed)` : name,
];

/** Gives that a customer was ended, and how to see the rest. */
export function showEnded({ name, customerId }: OperatorResults['discard-ended-customer'], file: string): string {
  return [
    `${name} is ended. Its statements are in ${file}, the only copy; everything else is discarded from the next hourly run on, for half an hour or more.`,
    `"customer show ${customerId}" says how far that is.`,
  ].join(' ');
}

/** Gives whose address was replaced, and what follows from it. */
export function showNewEmail({ name, email }: OperatorResults['set-representative-email']): string {
  return `${name} signs in as ${email} from now on. A sign-in link is on its way there; the old address is told. Sessions and passkeys of before are gone.`;
}

/** Gives what went wrong: title, detail, and what was wrong with the input in the words of the command line. */
export function showProblem({ title, detail, errors, requestId }: OperatorError['problem']): string {
  const faults = Array.isArray(errors) ? (errors as { pointer: string; detail: string }[]) : [];
  const lines = [
    ...faults.map((fault) => `${wordFor(fault.pointer)}: ${fault.detail}`),
    ...(faults.length === 0 && detail !== undefined ? [detail] : []),
    ...(detail === undefined && typeof requestId === 'string'
      ? [`The log says why, at the request ${requestId}.`]
      : []),
  ];
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const words: Readonly<Record<string, string>> = {
  customerId: '<customer>',
  confirmation: '--confirm',
  email: '<email>',
  month: '--month',
  type: '--type',
  startsAt: '--starts',
  endsAt: '--ends',
  maxMau: '--max-mau',
  maxRegisteredRps: '--max-rps',
  maxRegisteredUsers: '--max-users',
};
/** The rules point at `#/endsAt`, the parser of the request at `#/request/endsAt`. */
const wordFor = (pointer: string) => words[pointer.replace(/^#\/(request\/)?/, '')] ?? pointer;
