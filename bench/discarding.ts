import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './population.ts';
import { putRecords } from './records.ts';
import { secondsOf } from './statistics.ts';
import type { Units } from './units.ts';

/** What discarding a customer consumes. */
export interface DiscardingCost {
  /** Active-user records of the customer. */
  readonly items: number;
  readonly units: Units;
  /** A customer without any, which has the same partitions to look through. */
  readonly empty: Units;
  readonly seconds: number;
}

/** Measures discarding a customer with so many active-user records, all steps one after the other in one process. */
export async function measureDiscarding(endpoint: string, items: number): Promise<DiscardingCost> {
  const { units: empty } = await discardOne(endpoint, 0);
  return { items, empty, ...(await discardOne(endpoint, items)) };
}

async function discardOne(endpoint: string, items: number): Promise<Pick<DiscardingCost, 'units' | 'seconds'>> {
  const bench = await createTable(endpoint);
  // With its stream, which discarding does not use, this engine takes longer for a record the more there are.
  await bench.table.client.send(
    new UpdateTableCommand({ TableName: bench.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  const customer = await addCustomer(bench.table, 0, { createdAt: BEGINNING });
  await putRecords(bench.table, customer, items);
  const { table, meter } = bench.metered();
  const services = { ...servicesOf(table, createMovedClock()), calendar };
  const record = { customerId: customer.customerId, unsubscribedAt: BEGINNING, discardedAt: null, discarded: {} };
  const seconds = await secondsOf(() => reapplyClosingRecords(services, [record]));
  const units = meter.units();
  bench.close();
  return { units, seconds };
}
