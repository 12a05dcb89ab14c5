import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach } from 'vitest';
import { MINUTE } from '../../../functions/domain/time.ts';
import { build as buildAggregator } from '../../../functions/events/aggregate-active-users.ts';
import { build } from '../../../functions/events/recount-active-users.ts';
import { putActiveUser } from '../../../functions/table/metering/active-users.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import type { Key } from '../../../functions/table/keys.ts';
import { addToRpMau, addToTotalMau } from '../../../functions/table/metering/mau-counters.ts';
import { openMetering, windowEvent, type Metering } from './metering.ts';

/** A new table that contains a customer with one RP. */
interface Opened {
  readonly metering: Metering;
  readonly customerId: string;
  readonly rp: string;
}

interface Run {
  hasTime?: () => boolean;
  lag?: number;
  on?: Table;
}

/**
 * Opens a new table with a customer and one RP before each test, and passes them to `use`. Returns functions that
 * change and recount the customer's MAU counters. The clock starts in November 2026.
 */
export function recounting(use: (opened: Opened) => void) {
  let metering: Metering;
  let customer: Awaited<ReturnType<Metering['signUp']>>;
  let rp: string;
  let users: number;
  const newRp = async () => (await customer.rp()).rpRef;
  /** Opens a new table, as before each test. */
  async function open(): Promise<void> {
    metering = await openMetering({ now: '2026-11-20T09:00:00Z' });
    customer = await metering.signUp();
    rp = await newRp();
    users = 0;
    use({ metering, customerId: customer.customerId, rp });
  }
  beforeEach(open);

  /**
   * Stores an active-user record for each of `count` new users of an RP, the first `measured` of whom are measured. The
   * stream then contains these records, but no MAU counter includes the users yet.
   */
  async function record(count: number, { at = rp, month = '2026-11', measured = 0 } = {}): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, (_, index) => {
        users += 1;
        return putActiveUser(
          metering.table,
          {
            customerId: customer.customerId,
            rpRef: at,
            month,
            userId: `user-${users}`,
            firstOperationAt: 0,
            source: index < measured ? 'measured' : 'reported',
          },
          0,
        );
      }),
    );
  }
  /** Delivers the new stream records to the aggregator, which adds new active users to the MAU counters. */
  async function aggregate(): Promise<void> {
    await buildAggregator(metering.services)(windowEvent('shard', await metering.records()));
  }
  /**
   * Adds `by` to the MAU counter of an RP and to the customer's total, as if the aggregator had lost or repeated
   * increments, `measured` of them for measured users. If `only` is given, changes only the counter that `only` names.
   */
  async function drift(by: number, at = rp, only?: 'rp' | 'total', measured = 0): Promise<void> {
    await transact(metering.table, {
      rp: only === 'total' ? undefined : addToRpMau(customer.customerId, '2026-11', at, by, measured),
      total: only === 'rp' ? undefined : addToTotalMau(customer.customerId, '2026-11', by, measured),
    });
  }
  const takeAwayRp = (at = rp) => customer.removeRp(at);
  const remove = ({ pk, sk }: Key) =>
    metering.table.client.send(new DeleteCommand({ TableName: metering.table.name, Key: { pk, sk } }));

  /**
   * Invokes the Lambda function that recounts active users. `hasTime` decides whether the invocation has time left.
   * `lag` is how far the aggregator is behind the stream, in milliseconds.
   */
  function run({ hasTime = () => true, lag = 0, on = metering.table }: Run = {}) {
    const recount = build({ ...metering.services, table: on, streamLag: () => Promise.resolve(lag) });
    return recount({} as Parameters<typeof recount>[0], {
      getRemainingTimeInMillis: () => (hasTime() ? 15 * MINUTE : 0),
    });
  }
  const pass = (milliseconds: number) => (metering.clock.time += milliseconds);
  /** Returns the two MAU counters of November: an RP's counter and the customer's total. */
  async function counters(at = rp) {
    const all = await metering.counters(customer.customerId);
    return [all[`${at} 2026-11`], all[`${customer.customerId} 2026-11`]];
  }
  /** Returns how many measured users the two counters of November include. */
  async function measured(at = rp) {
    const all = await metering.counters(customer.customerId);
    return [at, customer.customerId].map((owner) => all[`${owner} 2026-11 measured`] ?? 0);
  }
  const metric = () => metering.metrics.values.get('RecountDrift');

  return { open, newRp, takeAwayRp, record, aggregate, drift, remove, run, pass, counters, measured, metric };
}
