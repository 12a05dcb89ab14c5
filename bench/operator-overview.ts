import type { Operator } from '../bin/operator/invoke-operator.ts';
import { listCustomers } from '../bin/operator/list-customers.ts';
import { listFailedMails } from '../bin/operator/list-failed-mails.ts';
import { readOverview } from '../bin/operator/read-overview.ts';
import { build } from '../functions/events/run-operator-command.ts';
import { addOperatorsCustomers, widestPerson } from './setting/operators-customers.ts';
import { calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { reads, type Units } from './units.ts';

/** The read units of the table that a command may consume for each customer. */
const MAX_READS = 2.1;
/** The maximum size of the response of a Lambda function, in bytes. */
const MAX_RESPONSE = 6_000_000;

/** The consumption of one command of the operator. */
interface Measured {
  readonly units: Units;
  readonly invocations: number;
  /** The size of the largest response of the operator's Lambda function, in bytes. */
  readonly largest: number;
  readonly seconds: number;
}

/** Measures the operator's commands that read all customers. */
export async function benchOperatorOverview(endpoint: string, customers: number): Promise<Report> {
  const measured = await measureOperatorCommands(endpoint, customers);
  const row = ({ units, invocations, largest, seconds }: Measured) => ({
    ...costs(units),
    ...{ invocations, 'largest response, bytes': largest, seconds },
  });
  return {
    title: `Operator's commands that read all customers: ${whole(customers)} customers with texts of the maximum length`,
    tables: [Object.fromEntries(Object.entries(measured).map(([name, one]) => [name, row(one)]))],
    goals: judge(measured, customers),
  };
}

/** Returns the goals about the operator's commands, and whether they are met. */
export function judge(measured: Readonly<Record<string, Measured>>, customers: number): Goal[] {
  const named = Object.entries(measured);
  return [
    ...named.map(([name, { units, seconds, largest }]): Goal => ({
      goal: `operator's ${name} at ${whole(customers)} customers: at most ${MAX_READS} read units a customer, no response above 6 MB`,
      measured: `${whole(reads(units))} R, ${seconds.toFixed(1)} s`,
      met: reads(units) <= MAX_READS * customers && largest <= MAX_RESPONSE,
    })),
  ];
}

/** Measures each command on a new table. Throws an `Error` if a command misses a customer. */
export async function measureOperatorCommands(
  endpoint: string,
  customers: number,
): Promise<Record<'customer list' | 'overview' | 'mail failed', Measured>> {
  const bench = await createTable(endpoint);
  try {
    await addOperatorsCustomers(bench.table, customers, widestPerson);
    const { table, meter } = bench.metered();
    const invoke = build({ ...servicesOf(table, createMovedClock()), calendar });
    const measure = async (command: (operator: Operator) => Promise<number>, expected: number): Promise<Measured> => {
      let [invocations, largest] = [0, 0];
      const operator: Operator = {
        async run(request) {
          const answer = await invoke({ operator: 'bench', request }, { awsRequestId: 'bench' });
          if ('problem' in answer) throw new Error(`The command failed: ${JSON.stringify(answer.problem)}`);
          invocations += 1;
          largest = Math.max(largest, Buffer.byteLength(JSON.stringify(answer)));
          return answer.result as never;
        },
        close: () => undefined,
      };
      meter.reset();
      const seconds = await secondsOf(async () => {
        const found = await command(operator);
        if (found !== expected) throw new Error(`The command found ${found} of ${expected}.`);
      });
      return { units: meter.units(), invocations, largest, seconds };
    };
    return {
      'customer list': await measure(async (operator) => (await listCustomers(operator)).customers.length, customers),
      overview: await measure(async (operator) => (await readOverview(operator)).customers, customers),
      'mail failed': await measure(async (operator) => (await listFailedMails(operator)).length, customers),
    };
  } finally {
    bench.close();
  }
}
