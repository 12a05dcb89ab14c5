import { costs, type Goal, type Report } from '../report.ts';
import { OPERATIONS_A_USER } from '../operations/schedule.ts';
import { byDelete, inTransaction } from './designs/stored-challenge.ts';
import { named, unnamed } from './designs/this-design.ts';
import { dollarsAMillionSignIns, measureSignIns, unitsOfSignIn, type MeasuredSignIns } from './sign-ins.ts';

const MAX_DOLLARS = { unnamed: 0.9, named: 1 } as const;
const MIN_RATIO = { usual: 3.5, better: 2.1 } as const;
const MAX_ROUNDS = { unnamed: { options: 0, first: 3, later: 2 } } as const;
/** The price of a million writes of one unit each. A design that accepts each response once needs one. */
const FLOOR = 0.625;

/** The measured sign-ins of each design. */
export interface SignInCosts {
  readonly usual: MeasuredSignIns;
  readonly better: MeasuredSignIns;
  readonly unnamed: MeasuredSignIns;
  readonly named: MeasuredSignIns;
}

/** Measures the sign-ins of `users` users with each design, one design after the other. */
export async function measureDesigns(endpoint: string, users: number): Promise<SignInCosts> {
  return {
    usual: await measureSignIns(endpoint, inTransaction, users),
    better: await measureSignIns(endpoint, byDelete, users),
    unnamed: await measureSignIns(endpoint, unnamed, users),
    named: await measureSignIns(endpoint, named, users),
  };
}

/** Reports the capacity units of sign-ins with the service's design and with two usual designs. */
export function reportSignIns(measured: SignInCosts): Report {
  const row = (one: MeasuredSignIns) => ({
    ...costs(unitsOfSignIn(one), 1e6),
    times: dollarsAMillionSignIns(one) / dollarsAMillionSignIns(measured.unnamed),
    'rounds: options': one.rounds.options,
    first: one.rounds.first,
    later: one.rounds.later,
  });
  const all: readonly MeasuredSignIns[] = [measured.usual, measured.better, measured.unnamed, measured.named];
  return {
    title: `Sign-ins performed here, ${OPERATIONS_A_USER} for each user and month, $ a million`,
    tables: [Object.fromEntries(all.map((one) => [one.design.name, row(one)]))],
    notes: [
      'Options and finish together, without key check and aggregator. All designs read the same items of the user with',
      'eventual consistency. The usual designs do not count active users; this design does, in a transaction for the first',
      `sign-in of a month. The floor is one write for each sign-in, $${FLOOR}.`,
    ],
    goals: judge(measured),
  };
}

/** Returns the goals about sign-ins, and whether they are met. */
export function judge({ usual, better, ...ours }: SignInCosts): Goal[] {
  const cost = dollarsAMillionSignIns(ours.unnamed);
  const { rounds } = ours.unnamed;
  const most = MAX_ROUNDS.unnamed;
  return [
    ...(['unnamed', 'named'] as const).map((kind) => {
      const price = dollarsAMillionSignIns(ours[kind]);
      return {
        goal: `sign-ins: at most $${MAX_DOLLARS[kind].toFixed(2)} a million, ${kind}`,
        measured: `$${price.toFixed(4)}`,
        met: price <= MAX_DOLLARS[kind],
      };
    }),
    ...(
      [
        ['usual', usual],
        ['better', better],
      ] as const
    ).map(([kind, other]) => {
      const ratio = dollarsAMillionSignIns(other) / cost;
      return {
        goal: `sign-ins: unnamed, at least ${MIN_RATIO[kind]} times cheaper than “${other.design.name}”`,
        measured: `${ratio.toFixed(2)} times`,
        met: ratio >= MIN_RATIO[kind],
      };
    }),
    {
      goal: `sign-ins: rounds of table calls: options ${most.options}, finish ${most.later}, first of the month ${most.first}`,
      measured: `${rounds.options}, ${rounds.later} and ${rounds.first}`,
      met: rounds.options <= most.options && rounds.later <= most.later && rounds.first <= most.first,
    },
  ];
}
