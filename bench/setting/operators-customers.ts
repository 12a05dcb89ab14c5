import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { licenseFromPlan } from '../../functions/domain/licenses/plans.ts';
import { putAdministrator } from '../../functions/table/administrators.ts';
import { putCustomer } from '../../functions/table/customers/customer-status.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact, type Write } from '../../functions/table/engine/transaction.ts';
import { addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { putStatement } from '../../functions/table/metering/statements.ts';
import { BEGINNING, catalogue, customerOf, MONTH } from './population.ts';
import type { Random } from './random.ts';

const LAST_MONTH = '2026-10';
/** A character that takes three bytes in UTF-8, the maximum for one UTF-16 code unit. */
const WIDEST = '漢';
const WRITES_A_TRANSACTION = 100;
const DAY = 24 * 60 * 60 * 1_000;

/** The texts of a customer: its name, and the name and the address of its representative. */
interface Texts {
  readonly customer: string;
  readonly person: string;
  readonly email: string;
  /** Whether e-mails do not reach the representative. */
  readonly undeliverable: boolean;
}

/** Returns texts of the maximum size, with an address that e-mails do not reach. */
export const widestPerson = (): Texts => ({
  ...{ customer: WIDEST.repeat(200), person: WIDEST.repeat(200), undeliverable: true },
  email: `${'a'.repeat(64)}@${'example'.repeat(26)}.com`,
});

/** Returns texts of a usual size. E-mails do not reach 1 % of the representatives. */
export function usualPerson(random: Random): (index: number) => Texts {
  const word = (least: number, most: number) =>
    Array.from({ length: least + random.below(most - least) }, () => String.fromCharCode(97 + random.below(26))).join(
      '',
    );
  return (index) => ({
    ...{ customer: `${word(4, 12)} ${word(4, 10)} Corporation`, person: `${word(4, 8)} ${word(4, 9)}` },
    ...{ email: `${word(4, 12)}@${word(6, 14)}.example`, undeliverable: index % 100 === 0 },
  });
}

/** Returns texts of the maximum size that consist of random characters, which compress as little as possible. */
export function randomPerson(random: Random): () => Texts {
  const wide = () => Array.from({ length: 200 }, () => String.fromCharCode(0x4e00 + random.below(0x5000))).join('');
  const small = (length: number) => Array.from({ length }, () => random.below(36).toString(36)).join('');
  return () => ({
    ...{ customer: wide(), person: wide(), email: `${small(64)}@${small(60)}.${small(60)}.com`, undeliverable: true },
  });
}

/**
 * Fills a table with customers with a Business license. Each has a representative, a counter of the current month and a
 * statement of the last month. The embedded DynamoDB engine writes faster without a stream, so the stream is off.
 */
export async function addOperatorsCustomers(
  table: Table,
  customers: number,
  textsOf: (index: number) => Texts,
): Promise<void> {
  const withoutStream = { TableName: table.name, StreamSpecification: { StreamEnabled: false } };
  await table.client.send(new UpdateTableCommand(withoutStream));
  const license = licenseFromPlan(catalogue.business, { startsAt: 0, endsAt: BEGINNING + 20 * DAY, setAt: 0 });
  const writesOf = (index: number): Write[] => {
    const { customer: name, person, email, undeliverable } = textsOf(index);
    const customer = customerOf({ name, closedThrough: LAST_MONTH, license });
    const { customerId, representativeId: administratorId } = customer;
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
        ...{ customerId, administratorId, name: person, email, privilege: 'privileged', status: 'active' },
        ...{ sessionGeneration: 0, createdAt: 0, ...(undeliverable && { undeliverable }) },
      }),
    ];
  };
  const all = Array.from({ length: customers }, (_, index) => writesOf(index)).flat();
  const transactions = chunks(all, WRITES_A_TRANSACTION);
  for (const some of chunks(transactions, 4)) {
    await Promise.all(
      some.map((writes) => transact(table, Object.fromEntries(writes.map((write, index) => [String(index), write])))),
    );
  }
}
