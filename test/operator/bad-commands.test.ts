import { beforeAll, expect, it } from 'vitest';
import type { FieldError } from '../../functions/contract/errors/field-errors.ts';
import type { OperatorCommand } from '../../functions/contract/operator.ts';
import { commandErrorKinds, operatorErrorKinds } from '../../functions/contract/errors/operator-error-kinds.ts';
import { DAY, toIso } from '../../functions/domain/time.ts';
import { build } from '../../functions/events/run-operator-command.ts';
import { openMetering } from '../support/metering/metering.ts';

/**
 * The current time of the service. Each customer signed up a day before this time, and the license of the customer
 * began at the sign-up.
 */
const NOW = Date.parse('2026-11-03T12:00:00Z');
const inDays = (days: number) => toIso(NOW + days * DAY);
const TAKEN = [1, 2, 3, 4, 5].map(inDays);
const CANCELLED = inDays(6);

let run: (request: object) => Promise<Awaited<ReturnType<ReturnType<typeof build>>>>;
/** The ID of a customer with the maximum number of upcoming licenses, and the ID of an unsubscribed customer. */
const customers = { licensed: '', ended: '' };
let begun: string;

beforeAll(async () => {
  const metering = await openMetering({ now: toIso(NOW - DAY) });
  const runCommand = build(metering.services);
  run = (request) => runCommand({ operator: 'olga', request }, { awsRequestId: 'request-1' });
  const done = async (command: { readonly command: OperatorCommand['command'] } & Record<string, unknown>) => {
    expect(await run(command)).toHaveProperty('result');
  };
  const licensed = await metering.signUp();
  const ended = await metering.signUp();
  Object.assign(customers, { licensed: licensed.customerId, ended: ended.customerId });
  begun = toIso((await licensed.caller()).customer.license.startsAt);
  metering.clock.time = NOW;
  const { customerId } = licensed;
  const later = { command: 'set-license', customerId, type: 'starter', endsAt: inDays(9) } as const;
  await done({ ...later, startsAt: CANCELLED });
  await done({ command: 'cancel-license', customerId, startsAt: CANCELLED });
  for (const startsAt of TAKEN) await done({ ...later, startsAt });
  await done({ command: 'end-customer', customerId: ended.customerId, confirmation: 'Example Corporation' });
});

const set = (license: object) => () => ({ command: 'set-license', customerId: customers.licensed, ...license });
const cancel = (startsAt: () => string) => () => ({
  command: 'cancel-license',
  customerId: customers.licensed,
  startsAt: startsAt(),
});
const upcoming = TAKEN.map((startsAt) => ({ type: 'starter', startsAt }));

const bad: readonly (readonly [what: string, () => object, Omit<FieldError, 'detail'>])[] = [
  [
    'a malformed customer ID',
    () => ({ command: 'show-customer', customerId: 'cus_1' }),
    { pointer: '#/request/customerId', code: 'not-a-customer-id' },
  ],
  [
    'a month that does not exist',
    () => ({ command: 'export-statements', month: '2026-13' }),
    { pointer: '#/request/month', code: 'not-a-month' },
  ],
  [
    'a maximum of 0 users',
    set({ type: 'free', maxRegisteredUsers: 0 }),
    { pointer: '#/request/maxRegisteredUsers', code: 'too-small', min: 1 },
  ],
  [
    'a month that is not closed',
    () => ({ command: 'export-statements', month: '2026-11' }),
    { pointer: '#/month', code: 'month-not-closed', month: '2026-11', closesAt: '2026-12-04T00:05:00Z' },
  ],
  [
    'a customer whose months are not closed',
    () => ({ command: 'discard-ended-customer', customerId: customers.ended }),
    { pointer: '#/customerId', code: 'months-not-closed' },
  ],
  [
    'an end before the start',
    set({ type: 'starter', startsAt: inDays(2), endsAt: inDays(1) }),
    { pointer: '#/endsAt', code: 'end-not-after-start' },
  ],
  ['a paid license without an end', set({ type: 'starter' }), { pointer: '#/endsAt', code: 'end-required' }],
  [
    'a Free license with an end',
    set({ type: 'free', endsAt: inDays(1) }),
    { pointer: '#/endsAt', code: 'end-on-free' },
  ],
  [
    'a Free license with a future start',
    set({ type: 'free', startsAt: inDays(1) }),
    { pointer: '#/startsAt', code: 'start-later-on-free' },
  ],
  [
    'a maximum MAU for the Free license',
    set({ type: 'free', maxMau: 1 }),
    { pointer: '#/maxMau', code: 'maximum-not-in-license', licenseType: 'free' },
  ],
  [
    'a maximum number of users for a paid license',
    set({ type: 'starter', endsAt: inDays(9), maxRegisteredUsers: 1 }),
    { pointer: '#/maxRegisteredUsers', code: 'maximum-not-in-license', licenseType: 'starter' },
  ],
  [
    'one more upcoming license than allowed',
    set({ type: 'starter', startsAt: inDays(7), endsAt: inDays(9) }),
    { pointer: '#/startsAt', code: 'too-many-upcoming-licenses', max: 5 },
  ],
  [
    'a start that matches no license',
    cancel(() => inDays(7)),
    { pointer: '#/startsAt', code: 'no-such-license', startsAt: inDays(7), upcoming },
  ],
  [
    'the start of a license that has begun',
    cancel(() => begun),
    { pointer: '#/startsAt', code: 'license-begun', licenseType: 'business', upcoming },
  ],
  [
    'the start of a cancelled license',
    cancel(() => CANCELLED),
    { pointer: '#/startsAt', code: 'license-cancelled', licenseType: 'starter', cancelledAt: toIso(NOW), upcoming },
  ],
];

it.each(bad)(
  'an operator command with %s is refused with the right error code and parameters',
  async (_, command, expected) => {
    expect(await run(command())).toEqual({
      problem: {
        ...{ type: '/problems/validation', status: 400, requestId: 'request-1' },
        title: 'The request is not valid',
        detail: expect.stringMatching(/./) as string,
        errors: [{ ...expected, detail: expect.stringMatching(/^Must (be|not) /) as string }],
      },
    });
  },
);

it('the refused commands cover every error code that only operator commands return', () => {
  const codes = new Set<string>(bad.map(([, , { code }]) => code as string));
  expect(Object.keys({ ...commandErrorKinds, ...operatorErrorKinds }).filter((code) => !codes.has(code))).toEqual([]);
});
