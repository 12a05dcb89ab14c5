import { build } from '../functions/api/users/register-users.ts';
import { withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import { readCustomer } from '../functions/table/customers/customers.ts';
import { httpContext, httpEvent } from './http-event.ts';
import { addCustomer, createMovedClock, createTable, servicesOf } from './population.ts';
import { times, type Units } from './units.ts';

/** How registering many users of a paid customer went. */
export interface Import {
  readonly users: number;
  readonly usersASecond: number;
  readonly unitsAUser: Units;
}

export const CALLERS = 8;
export const USERS_A_REQUEST = 50;

/** Registers users through the route's handler: 8 callers at once, each in a process of its own, 50 users a request. */
export async function measureImport(endpoint: string, users: number): Promise<Import> {
  const bench = await createTable(endpoint);
  const { apiKey, customerId } = await addCustomer(bench.table, 0);
  const { table, meter } = bench.metered();
  const clock = createMovedClock();
  const requests = users / USERS_A_REQUEST;
  let begun = 0;

  const call = async () => {
    const handler = build(withRememberedApiKeys(servicesOf(table, clock)));
    while (begun < requests) {
      const request = begun;
      begun += 1;
      const body = {
        users: Array.from({ length: USERS_A_REQUEST }, (_, index) => ({
          userId: `user-${request * USERS_A_REQUEST + index}@shop.example`,
          displayName: 'Alice Arai',
        })),
      };
      const { statusCode } = await handler(httpEvent('register-users', apiKey, body), httpContext('register-users'));
      if (statusCode !== 200) throw new Error(`Registering users was answered ${statusCode}.`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, call));
  const seconds = (performance.now() - start) / 1_000;

  const registered = (await readCustomer(bench.table, customerId, 'strong'))?.registeredUsers;
  if (registered !== users) throw new Error(`${registered} users are registered of ${users}.`);
  bench.close();
  return { users, usersASecond: users / seconds, unitsAUser: times(meter.units(), 1 / users) };
}
