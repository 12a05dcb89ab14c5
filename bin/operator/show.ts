import type { CustomerDetails, DiscardedCustomer, OperatorError, OperatorResults } from './invoke-operator.ts';
import { itemsInWords } from './items-in-words.ts';
import { pairs, sections, table } from './layout.ts';
import { licenseSections } from './show-licenses.ts';

/** Formats the details of a customer as text, with a section for each subject. */
export function showCustomer(customer: CustomerDetails | DiscardedCustomer): string {
  if (customer.status === 'discarded') return showDiscarded(customer);
  const { representative, rps, hasMoreRemovedRps } = customer;
  const months = Object.entries(customer.mau);
  return sections(
    [
      customer.name,
      pairs({
        Customer: customer.customerId,
        State: customer.state,
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
    ...(customer.pendingUnsubscription ? [pendingOf(customer.pendingUnsubscription)] : []),
    ...(customer.unsubscription ? [discardingOf(customer.unsubscription)] : []),
    ...licenseSections(customer),
    ['RPs', rps.length === 0 ? 'none' : table(['RP', 'USERS', 'RP ID', 'NAME'], rps.map(rpRow))],
    ...(hasMoreRemovedRps
      ? [['More removed RPs', 'The list contains only the latest 1,000 removed RPs.'] as const]
      : []),
    [
      'MAU',
      months.length === 0
        ? 'none in the last twelve months'
        : table(
            ['MONTH', 'MAU', 'MEASURED', 'REPORTED'],
            months.map(([month, mau]) => {
              const measured = customer.measured[month] ?? 0;
              return [month, String(mau), String(measured), String(mau - measured)];
            }),
          ),
    ],
  );
}

/** Formats an unsubscription during its grace period. */
function pendingOf({ requestedAt, effectiveAt, requestedBy }: NonNullable<CustomerDetails['pendingUnsubscription']>) {
  return [
    'Leaving',
    pairs({ 'Requested at': requestedAt, 'Requested by': requestedBy, 'Grace period ends': effectiveAt }),
  ] as const;
}

/** Formats the progress of discarding a customer, with a line for each kind of item. */
function discardingOf(unsubscription: NonNullable<CustomerDetails['unsubscription']>) {
  const { startedAt, by, waitsFor, found, left } = unsubscription;
  const waits = {
    'final-statements': 'waiting for its final statements: run "customer unsubscribe" again',
    'hourly-run': 'waiting for the next hourly run',
    discarding: 'discarding',
    'confirming-e-mail':
      'everything except the e-mail addresses is discarded; waiting until SES accepts the confirming e-mail',
  }[waitsFor];
  const kinds = [...new Set([...Object.keys(found), ...Object.keys(left)])].sort();
  // `found` contains the numbers of items only after the discarding has begun.
  const isCounted = Object.keys(found).length > 0;
  const rows = kinds.map((kind) => {
    const items = String(left[kind] ?? 0);
    return isCounted ? [String(found[kind] ?? 0), items, itemsInWords(kind)] : [items, itemsInWords(kind)];
  });
  const head = isCounted ? ['FOUND', 'LEFT', 'KIND'] : ['ITEMS', 'KIND'];
  return ['Discarding', `${pairs({ Since: startedAt, 'Ended by': by, Now: waits })}\n${table(head, rows)}`] as const;
}

function showDiscarded({ customerId, state, unsubscribedAt, discardedAt, discarded }: DiscardedCustomer): string {
  return sections(
    [
      'A discarded customer',
      pairs({ Customer: customerId, State: state, Unsubscribed: unsubscribedAt, Discarded: discardedAt ?? 'not yet' }),
    ],
    [
      'Discarded',
      table(
        ['ITEMS', 'KIND'],
        Object.entries(discarded)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([kind, items]) => [String(items), itemsInWords(kind)]),
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

/**
 * Returns a message that says where the statements of an unsubscribed customer are, and how to see the progress of
 * discarding.
 */
export function showEnded({ name, customerId }: OperatorResults['discard-ended-customer'], file: string): string {
  return [
    `${name} is unsubscribed. The only copy of its statements is in ${file}. The next hourly run starts to discard all data of the customer, which takes half an hour or more.`,
    `"customer show ${customerId}" shows the progress.`,
  ].join(' ');
}

/**
 * Returns a message that says how a representative signs in after the operator replaced the representative's address.
 */
export function showNewEmail({ name, email }: OperatorResults['set-representative-email']): string {
  return `${name} now signs in as ${email}. The service sends a sign-in link to the new address and a notice to the old address. All earlier sessions and passkeys of the representative are deleted.`;
}

/**
 * Formats a problem: its title, its detail, and the error of each wrong input. Names each wrong input by its
 * command-line option.
 */
export function showProblem({ title, detail, errors, requestId }: OperatorError['problem']): string {
  const faults = Array.isArray(errors) ? (errors as { pointer: string; detail: string }[]) : [];
  const lines = [
    ...faults.map((fault) => `${wordFor(fault.pointer)}: ${fault.detail}`),
    ...(faults.length === 0 && detail !== undefined ? [detail] : []),
    ...(detail === undefined && typeof requestId === 'string'
      ? [`To find the cause, search the log for the request ${requestId}.`]
      : []),
  ];
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const words: Readonly<Record<string, string>> = {
  customerId: '<customer>',
  confirmation: '--confirm',
  email: '<email>',
  name: '--name',
  month: '--month',
  type: '--type',
  startsAt: '--starts',
  endsAt: '--ends',
  maxMau: '--max-mau',
  maxRegisteredRps: '--max-registered-rps',
  maxRegisteredUsers: '--max-registered-users',
  dryRun: '--dry-run',
  notify: '--notify',
};
/**
 * Returns the command-line option or argument that a field error's pointer refers to. The same field can have two
 * pointers: `#/endsAt` if a business rule refused the value, and `#/request/endsAt` if the request's schema refused the
 * value.
 */
const wordFor = (pointer: string) => words[pointer.replace(/^#\/(request\/)?/, '')] ?? pointer;
