import type { ActiveUserCounts } from '../../table/metering/active-users.ts';
import { readCheckpoint, moveCheckpoint, type Checkpoint } from '../../table/metering/checkpoints.ts';
import { readCustomers } from '../../table/customers/customers.ts';
import { addToRpMau, addToTotalMau } from '../../table/metering/mau-counters.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { StreamedUser } from '../../table/metering/stream.ts';
import type { Month } from '../calendar.ts';
import type { Metrics, Services } from '../services.ts';
import { DAY, toTtl } from '../time.ts';

/**
 * A DynamoDB stream record that reports a new active-user record: a record that a user was active at an RP in a month.
 * `active` is undefined when the stream record could not be read.
 */
export interface StreamedRecord {
  readonly sequenceNumber: string;
  readonly active?: StreamedUser | undefined;
}
export interface AggregatorServices extends Services {
  readonly metrics: Metrics;
}

/** DynamoDB allows 100 items in a transaction: the checkpoint and 99 counters. */
const COUNTERS_A_TRANSACTION = 99;
/**
 * How long a checkpoint is kept, in milliseconds. The service needs a checkpoint only as long as the stream may
 * redeliver a stream record that precedes the checkpoint. The stream keeps each stream record for only 1 day.
 */
const CHECKPOINT_KEPT = 7 * DAY;
/**
 * Pads a sequence number with zeros to 40 digits, the maximum length, so that the padded strings sort in the order of
 * the numbers.
 */
const padded = (sequenceNumber: string) => sequenceNumber.padStart(40, '0');

/**
 * Counts a batch of new active-user records from one shard of the stream: adds each active-user record once to the MAU
 * counters of the record's RP and of the record's customer.
 *
 * The stream delivers each record at least once. The stream may deliver a record again, alone or with its batch, even
 * while another process still handles an earlier delivery of the record. The function skips all records up to the
 * shard's checkpoint, the sequence number of the last record that was counted or skipped. Each transaction updates the
 * counters and the checkpoint, on the condition that the checkpoint has not changed since the process read it. So two
 * processes, A and B, cannot both count the same record:
 *
 *     A reads checkpoint 10                        B reads checkpoint 10
 *     A adds 11–20, sets the checkpoint to 20      …
 *                                                  B's transaction fails: the checkpoint is not 10
 *                                                  B reads 20, skips 11–20, and no record is left
 *
 * If the process dies before a transaction, the stream delivers the batch again, and the next delivery counts the
 * records. If the process dies after the transaction, the next delivery skips the records. The function skips a record
 * that cannot be read, logs the record and increases the metric `UnreadableRecords`. The metric `AggregatedRecords` may
 * be too low: when a batch fails after some of the batch's transactions, the metric does not include the records that
 * these transactions counted. Only the dashboard uses the metric `AggregatedRecords`.
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
  let left = after(checkpoint, records);
  let aggregated = 0;
  while (left.length > 0) {
    const { counters, taken, counted, last } = cut(left, unsubscribing);
    const failures = await transact(table, {
      ...Object.fromEntries(counters.map((write, index) => [`counter${index}`, write])),
      checkpoint: moveCheckpoint(shardId, checkpoint, last, toTtl(clock.now() + CHECKPOINT_KEPT)),
    });
    checkpoint = failures ? await readCheckpoint(table, shardId) : { sequenceNumber: last };
    if (failures) {
      left = after(checkpoint, records);
      continue;
    }
    reportUnreadable(services, taken);
    aggregated += counted;
    left = after(checkpoint, left);
  }
  // The function adds to the metric once for each batch, because each call of `metrics.add` writes a log line.
  if (aggregated > 0) metrics.add('AggregatedRecords', aggregated);
}

/** Returns the records after a checkpoint, without duplicates. `records` are in the order of their sequence numbers. */
function after(checkpoint: Checkpoint | undefined, records: readonly StreamedRecord[]): StreamedRecord[] {
  let last = checkpoint?.sequenceNumber ?? '';
  return records.filter(({ sequenceNumber }) => {
    if (sequenceNumber <= last) return false;
    last = sequenceNumber;
    return true;
  });
}

/**
 * Takes as many records from the start of `records` as one transaction can count. Returns the writes that change the
 * counters, the taken records, how many of these records the writes count, and the last taken sequence number.
 */
function cut(records: readonly StreamedRecord[], unsubscribing: ReadonlySet<string>) {
  const added = new Map<string, ActiveUserCounts & { customerId: string; month: Month; rpRef: string | undefined }>();
  const taken: StreamedRecord[] = [];
  let counted = 0;
  for (const record of records) {
    const { active } = record;
    if (active && !unsubscribing.has(active.customerId)) {
      const { customerId, month, rpRef, source } = active;
      const touched = [
        { key: `${customerId} ${month} ${rpRef}`, customerId, month, rpRef },
        { key: `${customerId} ${month}`, customerId, month, rpRef: undefined },
      ];
      const fresh = touched.filter(({ key }) => !added.has(key)).length;
      if (added.size + fresh > COUNTERS_A_TRANSACTION) break;
      for (const { key, ...counter } of touched) {
        const { mau, measured } = added.get(key) ?? { mau: 0, measured: 0 };
        added.set(key, { ...counter, mau: mau + 1, measured: measured + (source === 'measured' ? 1 : 0) });
      }
      counted += 1;
    }
    taken.push(record);
  }
  const counters = [...added.values()].map(({ customerId, month, rpRef, mau, measured }): Write =>
    rpRef === undefined
      ? addToTotalMau(customerId, month, mau, measured)
      : addToRpMau(customerId, month, rpRef, mau, measured),
  );
  return { counters, taken, counted, last: taken.at(-1)?.sequenceNumber ?? '' };
}

/**
 * Returns the IDs of the customers in a batch that are unsubscribing or no longer exist. `aggregateActiveUsers` must
 * write nothing for these customers. When an eventually consistent read finds no customer, the function repeats the
 * read with strong consistency. Without the second read, the counts of a customer that has just signed up would be
 * lost.
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
