import { counts, grouped, NONE, pairs, sections, table } from './layout.ts';
import { moneyText } from './money-text.ts';
import type { Overview } from './read-overview.ts';
import { STATES } from './states.ts';

const PLANS = ['free', 'starter', 'business', 'enterprise'] as const;
/** The states of a few customers. The overview shows them only while a customer has them. */
const RARE = ['not-started', 'provisional'];

/** Formats the overview as text, with a section for each subject. */
export function showOverview(overview: Overview): string {
  const { thisMonth, lastMonth, states, plans, customers, failedAlerts, now, timeZone } = overview;
  const total = ['total', grouped(customers)];
  const ofState = (state: keyof typeof STATES) => states[state] ?? 0;
  return sections(
    [
      `Overview at ${now}`,
      table(
        ['MONTH', 'STATE', 'FEES', 'CUSTOMERS WITH A FEE'],
        [...feeRows(thisMonth, 'so far'), ...feeRows(lastMonth, lastMonth.open > 0 ? 'so far' : 'closed')],
      ),
    ],
    [
      'Customers by state',
      table(
        ['STATE', 'CUSTOMERS'],
        [
          ...(Object.keys(STATES) as (keyof typeof STATES)[])
            .filter((state) => ofState(state) > 0 || !RARE.includes(state))
            .map((state) => [state, grouped(ofState(state))]),
          total,
        ],
      ),
    ],
    [
      'Customers by plan',
      table(['PLAN', 'CUSTOMERS'], [...PLANS.map((plan) => [plan, grouped(plans[plan] ?? 0)]), total]),
    ],
    [
      'To look at',
      pairs({
        'New this month': grouped(overview.newThisMonth),
        'Over their maximum': withCommand(overview.overMaximum, 'customer list --over-maximum'),
        'Expiring within 30 days': withCommand(overview.expiring, 'customer list --expiring 30d'),
        Unsubscribing: `${grouped(ofState('leaving') + ofState('discarding'))} (${ofState('leaving')} leaving, ${ofState('discarding')} discarding)`,
        'MAU alerts not delivered': withCommand(
          (failedAlerts.failed ?? 0) + (failedAlerts.bounced ?? 0),
          'mail failed',
        ),
        'Unreachable representatives': withCommand(overview.unreachableRepresentatives, 'mail failed'),
      }),
    ],
    [
      'Notes',
      [
        `Months are those of the time zone ${timeZone}. Customers whose data is discarded are not counted.`,
        ...(lastMonth.open > 0
          ? [
              `${lastMonth.month} has no statement yet for ${counts(lastMonth.open, 'customer')}, so its fees can change.`,
            ]
          : []),
        'Of MAU alerts, the latest of each customer is counted. "mail failed" also lists the other',
        'administrators whom e-mails do not reach. Other refused e-mails are only in the log.',
      ].join('\n'),
    ],
  );
}

function feeRows({ month, fees, customers }: Overview['thisMonth'], state: string): string[][] {
  const sums = fees.length > 0 ? fees.map(moneyText) : [NONE];
  return sums.map((sum, index) => [index === 0 ? month : '', state, sum, index === 0 ? grouped(customers) : '']);
}

/** Formats a number. If it is not 0, adds the command that lists the counted customers or e-mails. */
const withCommand = (count: number, command: string) => (count === 0 ? '0' : `${grouped(count)} (${command})`);
