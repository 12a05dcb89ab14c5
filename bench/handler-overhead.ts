import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { build } from '../functions/api/metering/report-operations.ts';
import { authenticateApiKey, withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import type { Log } from '../functions/domain/services.ts';
import { reportOperations, withSeenUsers } from '../functions/domain/metering/report-operations.ts';
import { httpContext, httpEvent } from './http-event.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './population.ts';
import { median } from './statistics.ts';

/** Milliseconds of one kind of request, by the handler and by the domain's functions that it calls; medians. */
export interface Overhead {
  readonly request: string;
  readonly handler: number;
  readonly domain: number;
}
export interface HandlerOverhead {
  readonly overheads: readonly Overhead[];
  /** What the handler logs of a request, in bytes. */
  readonly logLine: number;
}

/**
 * Measures what a handler adds around its domain call: the middy chain, parsing and checking the body, the answer, and the
 * log line by the logger that Lambda has. Users are known to the process, so that no call to the table hides it; the last
 * kind of request has one, for comparison. Handler and domain take turns.
 */
export async function measureHandlerOverhead(endpoint: string, iterations: number): Promise<HandlerOverhead> {
  const bench = await createTable(endpoint);
  const { apiKey, userIds } = await addCustomer(bench.table, 100);
  const { log, written } = countingLog();
  const base = { ...servicesOf(bench.table, createMovedClock()), calendar, log };
  const services = withRememberedApiKeys(withSeenUsers(base));
  const handler = build(services);
  const context = httpContext('report-operations');

  const measure = async (request: string, users: number, forget: boolean, count: number): Promise<Overhead> => {
    const operations = userIds.slice(0, users).map((userId) => ({ userId, type: 'authentication' as const }));
    const event = () => httpEvent('report-operations', apiKey, { operations });
    const { statusCode } = await handler(event(), context);
    if (statusCode !== 200) throw new Error(`The handler answered ${statusCode}.`);
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
    return { request, handler: median(took.handler), domain: median(took.domain) };
  };
  await measure('to warm up', 100, false, Math.ceil(iterations / 4));
  const before = written();
  const overheads = [await measure('1 operation, user seen', 1, false, iterations)];
  const logLine = (written() - before) / (iterations + 1);
  overheads.push(
    await measure('100 operations, users seen', 100, false, iterations),
    await measure('1 operation, record read', 1, true, Math.ceil(iterations / 4)),
  );
  bench.close();
  return { overheads, logLine };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The logger that functions have in Lambda, writing nowhere; and how many bytes it wrote. */
function countingLog(): { log: Log; written: () => number } {
  let bytes = 0;
  const nowhere = new Writable({
    write: (chunk: Buffer, _, done) => {
      bytes += chunk.length;
      done();
    },
  });
  const logger = new Logger({ serviceName: 'fido2-server-service-production' });
  // It has no setting for where it writes to: its own console is replaced.
  Reflect.set(logger, 'console', new Console(nowhere));
  const line =
    (level: keyof Log): Log[keyof Log] =>
    (message, fields = {}) => {
      logger[level](message, fields);
    };
  return { log: { info: line('info'), warn: line('warn'), error: line('error') }, written: () => bytes };
}
