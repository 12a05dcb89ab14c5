import { routeNamed } from '../functions/api/routes.ts';
import { build } from '../functions/api/metering/report-operations.ts';
import { authenticateApiKey, withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import { reportOperations, withSeenUsers } from '../functions/domain/metering/report-operations.ts';
import { httpEvent } from '../local/aws/http-event.ts';
import { countingLog } from './setting/counting-log.ts';
import {
  addCustomer,
  BEGINNING,
  calendar,
  createMovedClock,
  createTable,
  patientContext,
  servicesOf,
} from './setting/population.ts';
import { median } from './setting/statistics.ts';
import { whole, type Report } from './report.ts';

/**
 * Measures how much longer a call of a handler takes than a call of the domain function alone. Unlike the domain
 * function, the handler also runs the middy chain, parses and validates the body, builds the response and writes the
 * log line with the logger that Lambda functions use. The users are in the process's cache, so no table call hides the
 * time that the handler adds. For comparison, the last measurement empties the cache before each request, so that each
 * request makes one table call. In every measurement, calls of the handler and calls of the domain function alternate.
 */
export async function benchHandlerOverhead(endpoint: string, iterations: number): Promise<Report> {
  const bench = await createTable(endpoint);
  const { apiKey, userIds } = await addCustomer(bench.table, 100);
  const { log, written } = countingLog();
  const base = { ...servicesOf(bench.table, createMovedClock()), calendar, log };
  const services = withRememberedApiKeys(withSeenUsers(base));
  const handler = build(services, routeNamed('report-operations'));
  const context = patientContext('report-operations');

  const measure = async (users: number, forget: boolean, count: number) => {
    const operations = userIds.slice(0, users).map((userId) => ({ userId, type: 'authentication' as const }));
    const event = () =>
      httpEvent('POST /v1/rp/operations', { credential: apiKey, body: { operations }, now: BEGINNING });
    const { statusCode } = await handler(event(), context);
    if (statusCode !== 200) throw new Error(`The handler returned the status ${statusCode}.`);
    const took: Record<'handler' | 'domain', number[]> = { handler: [], domain: [] };
    for (let index = 0; index < count; index += 1) {
      const given = event();
      if (forget) services.seenUsers.clear();
      took.handler.push(await timed(() => handler(given, context)));
      if (forget) services.seenUsers.clear();
      took.domain.push(
        await timed(async () =>
          reportOperations(services, await authenticateApiKey(services, apiKey), { operations }, BEGINNING),
        ),
      );
    }
    const [byHandler, byDomain] = [median(took.handler), median(took.domain)];
    return { handler: byHandler, domain: byDomain, added: byHandler - byDomain };
  };
  const some = Math.ceil(iterations / 4);
  await measure(100, false, some); // to warm up
  const before = written();
  const one = await measure(1, false, iterations);
  const logLine = (written() - before) / (iterations + 1);
  const tables = [
    {
      '1 operation, user seen': one,
      '100 operations, users seen': await measure(100, false, iterations),
      '1 operation, record read': await measure(1, true, some),
    },
  ];
  bench.close();
  return {
    title: 'Handler of report-operations, medians in ms, including the check of an API key that is in the cache',
    tables,
    notes: [`The handler logs ${whole(logLine)} bytes a request.`],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
