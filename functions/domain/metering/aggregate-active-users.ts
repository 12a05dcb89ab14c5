import { readCheckpoint, moveCheckpoint, type Checkpoint } from '../../table/checkpoints.ts';
import { readCustomers } from '../../table/customers/customers.ts';
import { addToRpMau, addToTotalMau } from '../../table/mau-counters.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { Month } from '../calendar.ts';
import type { Metrics, Services } from '../services.ts';
import { DAY, toTtl } from '../time.ts';

/** What the stream tells of a new active-user record; without `active` when it could not be read. */
export interface StreamedRecord {
  readonly sequenceNumber: string;
  readonly active?: { readonly customerId: string; readonly rpRef: string; readonly month: Month } | undefined;
}
export interface AggregatorServices extends Services {
  readonly metrics: Metrics;
}

/** A transaction takes at most 100 items: the checkpoint and 99 counters. */
const COUNTERS_A_TRANSACTION = 99;
/** "Checkpoints expire by TTL after 7 days": the stream itself keeps a record for one. */
const CHECKPOINT_KEPT = 7 * DAY;
/** Sequence numbers have up to 40 digits; padded, their texts compare as the numbers do. */
const padded = (sequenceNumber: string) => sequenceNumber.padStart(40, '0');

/**
 * Adds a batch of a shard's new active-user records to the counters of their RPs and customers, each record once.
 *
 * The stream delivers at least once, so that any record may come again, alone or with its batch, also while another
 * delivery of it is at work. What was counted is what stands at or below the shard's checkpoint, and the checkpoint
 * moves in the same transaction as the counters, on the condition that it still is what was read:
 *
 *     A reads checkpoint 10                        B reads checkpoint 10
 *     A adds 11–20, moves the checkpoint to 20     …
 *                                                  B's transaction fails: the checkpoint is not 10
 *                                                  B reads 20, drops 11–20, has nothing left
 *
 * If the process dies before a transaction, the batch is delivered again and counted then; after it, it is delivered
 * again and dropped. A record that cannot be read is logged, shows in a metric and is passed. How many were counted is a
 * metric for the dashboard only: it lacks those of a batch that fails after one of its transactions.
 */
export async function aggregateActiveUsers(
  services: AggregatorServices,
  shardId: string,
  batch: readonly StreamedRecord[],
): Promise<void> {
  const { table, clock, metrics } = services;
  const records = batch
    .map((record) => ({ ...record, sequenceNumber: padded(record.sequenceNumber) }))
    .sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));
  const unsubscribing = await readUnsubscribing(services, records);

  let checkpoint = await readCheckpoint(table, shardId);
  let left = behind(records, checkpoint);
  let aggregated = 0;
  while (left.length > 0) {
    const { counters, taken, counted, last } = cut(left, unsubscribing);
    const failures = await transact(table, {
      ...Object.fromEntries(counters.map((write, index) => [`counter${index}`, write])),
      checkpoint: moveCheckpoint(shardId, checkpoint, last, toTtl(clock.now() + CHECKPOINT_KEPT)),
    });
    checkpoint = failures ? await readCheckpoint(table, shardId) : { sequenceNumber: last };
    if (failures) {
      left = behind(records, checkpoint);
      continue;
    }
    reportUnreadable(services, taken);
    aggregated += counted;
    left = behind(left, checkpoint);
  }
  // Once a batch: each is a line in the log.
  if (aggregated > 0) metrics.add('AggregatedRecords', aggregated);
}

/** Gives the records behind a checkpoint, each once. */
function behind(records: readonly StreamedRecord[], checkpoint: Checkpoint | undefined): StreamedRecord[] {
  let last = checkpoint?.sequenceNumber ?? '';
  return records.filter(({ sequenceNumber }) => {
    if (sequenceNumber <= last) return false;
    last = sequenceNumber;
    return true;
  });
}

/** Takes records from the front, at a record's boundary, until the counters that they touch fill a transaction. */
function cut(records: readonly StreamedRecord[], unsubscribing: ReadonlySet<string>) {
  const added = new Map<string, { customerId: string; month: Month; rpRef: string | undefined; count: number }>();
  const taken: StreamedRecord[] = [];
  let counted = 0;
  for (const record of records) {
    const { active } = record;
    if (active && !unsubscribing.has(active.customerId)) {
      const { customerId, month, rpRef } = active;
      const touched = [
        { key: `${customerId} ${month} ${rpRef}`, customerId, month, rpRef },
        { key: `${customerId} ${month}`, customerId, month, rpRef: undefined },
      ];
      const fresh = touched.filter(({ key }) => !added.has(key)).length;
      if (added.size + fresh > COUNTERS_A_TRANSACTION) break;
      for (const { key, ...counter } of touched) {
        added.set(key, { ...counter, count: (added.get(key)?.count ?? 0) + 1 });
      }
      counted += 1;
    }
    taken.push(record);
  }
  const counters = [...added.values()].map(({ customerId, month, rpRef, count }): Write =>
    rpRef === undefined ? addToTotalMau(customerId, month, count) : addToRpMau(customerId, month, rpRef, count),
  );
  return { counters, taken, counted, last: taken.at(-1)?.sequenceNumber ?? '' };
}

/**
 * Gives the customers of a batch that are unsubscribing or gone: nothing of theirs is to be written any more. One that a
 * replica does not know is read once more, strongly: its users would be missing from its counters.
 */
async function readUnsubscribing({ table }: Services, records: readonly StreamedRecord[]): Promise<Set<string>> {
  const customerIds = [...new Set(records.flatMap(({ active }) => (active ? [active.customerId] : [])))];
  const known = (await readCustomers(table, customerIds, 'eventual')).filter((customer) => customer !== undefined);
  const unknown = customerIds.filter((id) => !known.some(({ customerId }) => customerId === id));
  known.push(...(await readCustomers(table, unknown, 'strong')).filter((customer) => customer !== undefined));
  const standing = new Set(
    known.filter(({ status }) => status !== 'unsubscribing').map(({ customerId }) => customerId),
  );
  return new Set(customerIds.filter((customerId) => !standing.has(customerId)));
}

function reportUnreadable({ log, metrics }: AggregatorServices, taken: readonly StreamedRecord[]): void {
  const unreadable = taken.filter(({ active }) => !active);
  for (const { sequenceNumber } of unreadable) log.error('a stream record cannot be read', { sequenceNumber });
  if (unreadable.length > 0) metrics.add('UnreadableRecords', unreadable.length);
}
