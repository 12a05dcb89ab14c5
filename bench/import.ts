import { routeNamed } from '../functions/api/routes.ts';
import { build } from '../functions/api/users/register-users.ts';
import { withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import { readCustomer } from '../functions/table/customers/customers.ts';
import { httpEvent } from '../local/aws/http-event.ts';
import {
  addCustomer,
  BEGINNING,
  calendar,
  createMovedClock,
  createTable,
  patientContext,
  servicesOf,
} from './setting/population.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Report } from './report.ts';
import { times } from './units.ts';

const CALLERS = 8;
const USERS_A_REQUEST = 50;

/**
 * Measures how many capacity units and how much time it takes to register `users` users for a customer with a paid
 * license. Eight callers send requests at the same time, and each caller uses a separate simulated Lambda process.
 */
export async function benchImport(endpoint: string, users: number): Promise<Report> {
  const bench = await createTable(endpoint);
  const { apiKey, customerId } = await addCustomer(bench.table, 0);
  const { table, meter } = bench.metered();
  const clock = createMovedClock();
  const requests = users / USERS_A_REQUEST;
  let begun = 0;

  const call = async () => {
    const handler = build(
      withRememberedApiKeys({ ...servicesOf(table, clock), calendar }),
      routeNamed('register-users'),
    );
    while (begun < requests) {
      const request = begun;
      begun += 1;
      const body = {
        users: Array.from({ length: USERS_A_REQUEST }, (_, index) => ({
          userId: `user-${request * USERS_A_REQUEST + index}@shop.example`,
          displayName: 'Alice Arai',
        })),
      };
      const { statusCode } = await handler(
        httpEvent('POST /v1/rp/users', { credential: apiKey, body, now: BEGINNING }),
        patientContext('register-users'),
      );
      if (statusCode !== 200) throw new Error(`Registering users returned the status ${statusCode}.`);
    }
  };
  const seconds = await secondsOf(() => Promise.all(Array.from({ length: CALLERS }, call)));

  const registered = (await readCustomer(bench.table, customerId, 'strong'))?.registeredUsers;
  if (registered !== users) throw new Error(`${registered} of ${users} users are registered.`);
  bench.close();
  return {
    title: `Import of ${whole(users)} users, ${CALLERS} callers, ${USERS_A_REQUEST} users a request`,
    tables: [{ 'each user': { ...costs(times(meter.units(), 1 / users)), 'users a second': users / seconds } }],
    notes: [
      'On this engine, transactions never conflict. In AWS, the transactions of one customer conflict on its count of users: the',
      'service retries them with jitter for 2 seconds, and each cancelled try costs units too.',
    ],
  };
}
