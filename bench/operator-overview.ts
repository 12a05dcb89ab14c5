import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Operator } from '../bin/operator/invoke-operator.ts';
import { listCustomers } from '../bin/operator/list-customers.ts';
import { listFailedMails } from '../bin/operator/list-failed-mails.ts';
import { readOverview } from '../bin/operator/read-overview.ts';
import { build } from '../functions/events/run-operator-command.ts';
import { licenseFromPlan } from '../functions/domain/licenses/plans.ts';
import { putAdministrator } from '../functions/table/administrators.ts';
import { putCustomer } from '../functions/table/customers/customer-status.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import { transact, type Write } from '../functions/table/engine/transaction.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { addToTotalMau } from '../functions/table/metering/mau-counters.ts';
import { putStatement } from '../functions/table/metering/statements.ts';
import {
  BEGINNING,
  calendar,
  catalogue,
  createMovedClock,
  createTable,
  customerOf,
  MONTH,
  servicesOf,
} from './setting/population.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { reads, type Units } from './units.ts';

/** The read units of the table that a command may consume for each customer. */
const MAX_READS = 2.1;
/** The maximum size of the response of a Lambda function, in bytes. */
const MAX_RESPONSE = 6_000_000;
const LAST_MONTH = '2026-10';
/** A character that takes three bytes in UTF-8, the maximum for one UTF-16 code unit. */
const WIDEST = '漢';
const WRITES_A_TRANSACTION = 100;
const DAY = 24 * 60 * 60 * 1_000;

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
    await populate(bench.table, customers);
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

/**
 * Fills a table with customers with a Business license. Each has a representative whose address is undeliverable, a
 * counter of the current month and a statement of the last month.
 */
async function populate(table: Table, customers: number): Promise<void> {
  // The measurement does not read the stream, and the embedded DynamoDB engine writes faster without it.
  const withoutStream = { TableName: table.name, StreamSpecification: { StreamEnabled: false } };
  await table.client.send(new UpdateTableCommand(withoutStream));
  const license = licenseFromPlan(catalogue.business, { startsAt: 0, endsAt: BEGINNING + 20 * DAY, setAt: 0 });
  const writesOf = (): Write[] => {
    const customer = customerOf({ name: WIDEST.repeat(200), closedThrough: LAST_MONTH, license });
    const { customerId, representativeId: administratorId } = customer;
    const person = { name: WIDEST.repeat(200), email: `${'a'.repeat(64)}@${'example'.repeat(26)}.com` };
    const { statement } = putStatement(
      {
        ...{ customerId, month: LAST_MONTH, timeZone: 'UTC', closedAt: 0, license, rps: 0, rpsSize: 0, mau: 12_000 },
        ...{ maxMau: 10_000, overageMau: 2_000, overageFee: { amount: '100.00', currency: 'USD' } },
      },
      [],
    );
    return [
      putCustomer(customer),
      addToTotalMau(customerId, MONTH, 12_000),
      statement,
      putAdministrator({
        ...{ customerId, administratorId, ...person, privilege: 'privileged', status: 'active' },
        ...{ sessionGeneration: 0, createdAt: 0, undeliverable: true },
      }),
    ];
  };
  const all = Array.from({ length: customers }, writesOf).flat();
  const transactions = chunks(all, WRITES_A_TRANSACTION);
  for (const some of chunks(transactions, 4)) {
    await Promise.all(
      some.map((writes) => transact(table, Object.fromEntries(writes.map((write, index) => [String(index), write])))),
    );
  }
}
