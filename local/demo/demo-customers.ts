import { DAY } from '../../functions/domain/time.ts';

/** The time at which the demo loads. The dates of the demo customers depend on this time. */
export interface DemoTime {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Returns the first instant of a month, in epoch milliseconds. A negative `monthsAgo` names a future month. */
  readonly startOf: (monthsAgo: number) => number;
}
/** A license with maxima of its own, so that the demo does not depend on the plan catalogue. */
interface DemoLicense {
  /** How many months ago the operator set the license. The license starts in the same month. */
  readonly monthsAgo: number;
  readonly type: 'free' | 'starter' | 'business' | 'enterprise';
  /** @default - the license does not end, as is usual for Free */
  readonly endsAt?: (time: DemoTime) => number;
  readonly maxRegisteredRps: number;
  /** The maximum of a Free license. */
  readonly maxRegisteredUsers?: number;
  /** The maximum MAU of a paid license, which is small so that a few users are enough to exceed it. */
  readonly maxMau?: number;
}
export interface DemoRp {
  readonly rpId: string;
  readonly name: string;
  /**
   * The MAU of each month, from the month of registration to the current month. For a removed RP, the last MAU is that
   * of the month before the removal.
   */
  readonly mau: readonly number[];
  /** How many months ago the RP was registered. */
  readonly monthsAgo: number;
  /** How many months ago the RP was removed. @default - never */
  readonly removedMonthsAgo?: number;
  /** The number of registered users minus the highest MAU that the RP has had in a month so far. */
  readonly idleUsers: number;
  /**
   * How many months ago the RP's users began to register passkeys with the service. Since then, the service measures
   * some of the users, and the RP reports the others.
   */
  readonly passkeysMonthsAgo: number;
}
interface DemoPerson {
  readonly name: string;
  readonly email: string;
}
export interface DemoCustomer {
  readonly name: string;
  readonly address?: string;
  readonly phoneNumber?: string;
  readonly representative: DemoPerson;
  /** The feature or state that the customer demonstrates. */
  readonly shows: string;
  /** How many months ago the customer signed up. At sign-up, every customer gets the Free license. */
  readonly monthsAgo: number;
  readonly licenses: readonly DemoLicense[];
  /** Administrators other than the representative. `accepts` says whether the person has opened the activation link. */
  readonly administrators: readonly (DemoPerson & {
    readonly privilege: 'administrator' | 'privileged';
    readonly accepts: boolean;
  })[];
  readonly rps: readonly DemoRp[];
}

/** How many months the demo covers, including the current month. */
export const DEMO_MONTHS = 12;

/**
 * The customers of the demo, which together show every license type and every state of the console's screens. The
 * commands that `npm start` prints use the first customer.
 */
export const demoCustomers: readonly [DemoCustomer, ...DemoCustomer[]] = [
  {
    name: 'Harbor Market',
    address: '1-2-3 Minato\nYokohama 231-0001\nJapan',
    phoneNumber: '+81 45 123 4567',
    representative: { name: 'Alice Arai', email: 'alice@harbor.example' },
    shows: 'Business, above its maximum MAU: overage and fee',
    monthsAgo: 11,
    licenses: [
      { monthsAgo: 11, type: 'starter', maxRegisteredRps: 1_000, endsAt: ({ startOf }) => startOf(-1), maxMau: 20 },
      { monthsAgo: 4, type: 'business', maxRegisteredRps: 1_000, endsAt: ({ startOf }) => startOf(-8), maxMau: 30 },
    ],
    administrators: [
      { name: 'Bo Berg', email: 'bo@harbor.example', privilege: 'privileged', accepts: true },
      { name: 'Cleo Chen', email: 'cleo@harbor.example', privilege: 'administrator', accepts: true },
      { name: 'Dan Dahl', email: 'dan@harbor.example', privilege: 'administrator', accepts: false },
    ],
    rps: [
      {
        rpId: 'shop.harbor.example',
        name: 'Harbor Shop',
        monthsAgo: 11,
        mau: [8, 9, 9, 11, 12, 12, 13, 14, 15, 16, 18, 20],
        idleUsers: 8,
        passkeysMonthsAgo: 5,
      },
      {
        rpId: 'partners.harbor.example',
        name: 'Harbor for Partners',
        monthsAgo: 11,
        mau: [2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6],
        idleUsers: 2,
        passkeysMonthsAgo: 3,
      },
      {
        rpId: 'app.harbor.example',
        name: 'Harbor App',
        monthsAgo: 8,
        mau: [2, 3, 4, 5, 6, 6, 7, 8, 10],
        idleUsers: 5,
        passkeysMonthsAgo: 4,
      },
    ],
  },
  {
    name: 'Meridian Rail',
    address: '40 Station Road\nBristol BS1 6QF\nUnited Kingdom',
    phoneNumber: '+44 117 496 0123',
    representative: { name: 'Bruno Costa', email: 'bruno@meridian.example' },
    shows: 'Enterprise, with a removed RP',
    monthsAgo: 11,
    licenses: [
      { monthsAgo: 11, type: 'enterprise', maxRegisteredRps: 1_000, endsAt: ({ startOf }) => startOf(-12), maxMau: 60 },
    ],
    administrators: [{ name: 'Hana Holub', email: 'hana@meridian.example', privilege: 'administrator', accepts: true }],
    rps: [
      {
        rpId: 'tickets.meridian.example',
        name: 'Tickets',
        monthsAgo: 11,
        mau: [9, 9, 10, 9, 11, 11, 11, 12, 12, 12, 13, 14],
        idleUsers: 9,
        passkeysMonthsAgo: 4,
      },
      {
        rpId: 'staff.meridian.example',
        name: 'Staff',
        monthsAgo: 11,
        mau: [4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5],
        idleUsers: 1,
        passkeysMonthsAgo: 2,
      },
      {
        rpId: 'freight.meridian.example',
        name: 'Freight',
        monthsAgo: 11,
        removedMonthsAgo: 2,
        mau: [3, 3, 3, 4, 3, 3, 2, 2, 2],
        idleUsers: 2,
        passkeysMonthsAgo: 5,
      },
      {
        rpId: 'loyalty.meridian.example',
        name: 'Loyalty',
        monthsAgo: 4,
        mau: [1, 3, 4, 6, 7],
        idleUsers: 4,
        passkeysMonthsAgo: 4,
      },
    ],
  },
  {
    name: 'Lantern Books',
    representative: { name: 'Chika Endo', email: 'chika@lantern.example' },
    shows: 'Starter, with a license that ends within 30 days',
    monthsAgo: 11,
    licenses: [
      { monthsAgo: 11, type: 'starter', maxRegisteredRps: 1_000, endsAt: ({ now }) => now + 20 * DAY, maxMau: 20 },
    ],
    administrators: [],
    rps: [
      {
        rpId: 'lantern.example',
        name: 'Lantern Books',
        monthsAgo: 11,
        mau: [4, 5, 6, 7, 8, 9, 10, 9, 11, 12, 12, 13],
        idleUsers: 6,
        passkeysMonthsAgo: 3,
      },
    ],
  },
  {
    name: 'Old Mill Press',
    representative: { name: 'Femi Haddad', email: 'femi@oldmill.example' },
    shows: 'Starter, expired: no new RPs or users, but operations of existing users still work',
    monthsAgo: 11,
    licenses: [
      { monthsAgo: 11, type: 'starter', maxRegisteredRps: 1_000, endsAt: ({ startOf }) => startOf(1), maxMau: 10 },
    ],
    administrators: [],
    rps: [
      {
        rpId: 'oldmill.example',
        name: 'Old Mill Press',
        monthsAgo: 11,
        mau: [3, 4, 4, 5, 5, 6, 6, 6, 5, 5, 4, 4],
        idleUsers: 2,
        passkeysMonthsAgo: 3,
      },
    ],
  },
  {
    name: 'Tidepool Studio',
    representative: { name: 'Dara Flynn', email: 'dara@tidepool.example' },
    shows: 'Free, close to its limits: 1 of 1 RP, 97 of 100 users',
    monthsAgo: 2,
    licenses: [{ monthsAgo: 2, type: 'free', maxRegisteredRps: 1, maxRegisteredUsers: 100 }],
    administrators: [],
    rps: [
      {
        rpId: 'tidepool.example',
        name: 'Tidepool',
        monthsAgo: 2,
        mau: [15, 28, 41],
        idleUsers: 56,
        passkeysMonthsAgo: 2,
      },
    ],
  },
  {
    name: 'Blank Canvas',
    representative: { name: 'Emi Goto', email: 'emi@blankcanvas.example' },
    shows: 'Free, nothing registered yet',
    monthsAgo: 0,
    licenses: [],
    administrators: [],
    rps: [],
  },
];

/**
 * The demo people that a user can sign in as. `shows` is the feature or state that the person's customer demonstrates.
 */
export const demoPeople = demoCustomers.map(({ representative, shows }) => ({ email: representative.email, shows }));
