import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Overview } from '../domain/operator/overview.ts';
import { summaryKey, summaryPartition, summaryRowsKey, summaryRowsUpTo } from './keys.ts';
import { isConditionFailed, type Table } from './engine/client.ts';
import { exists, isUnset } from './engine/conditions.ts';
import { deleteItems } from './engine/deletes.ts';
import { readItem, readKeys, readLast, type Consistency } from './engine/reads.ts';
import { updateOf } from './engine/update-parts.ts';
import { updateWhile } from './engine/updates.ts';

/**
 * The lists of a summary of all customers: all customers by name, the first customers by other orders and with a
 * filter, and the e-mails that did not arrive.
 */
export const summaryLists = [
  ...['name', 'mau', 'fee', 'ends', 'signed-up', 'over-maximum', 'expiring', 'leaving'],
  'failed-mails',
] as const;
export type SummaryList = (typeof summaryLists)[number];

/** One of the two places of a summary. A run writes one of them while readers read the other. */
export type Slot = 'a' | 'b';

/** The item that names the current summary, which is the only one that readers read. */
export interface SummaryPointer {
  /** The slot of the current summary. @default - no run has stored a summary yet */
  readonly slot?: Slot | undefined;
  /** The time at which the run that stored the current summary began, in epoch milliseconds. Set with `slot`. */
  readonly summarizedAt?: number | undefined;
  readonly overview?: Overview | undefined;
  /**
   * The time, in epoch milliseconds, at which the earliest run began whose rows may still be in one of the slots. So no
   * row of the table is older.
   */
  readonly rowsSince: number;
  /** The run that may write, and the time until which no other run may. @default - no run is writing */
  readonly claim?: { readonly run: string; readonly until: number } | undefined;
}

/** A part of a list, as `summarizeCustomers` stores it. */
export interface SummaryPart<Row> {
  /** The position of the first row in the order of the list; '' for the first part. */
  readonly position: string;
  /** The position of the next part. @default - this is the last part */
  readonly next?: string | undefined;
  readonly rows: readonly Row[];
}

/** A part of a list, as the table stores it. Rows are compressed, because a write is priced by the size of the item. */
interface StoredPart extends Omit<SummaryPart<unknown>, 'rows'> {
  readonly summarizedAt: number;
  readonly compressed: Uint8Array;
}

/** Reads which summary is current. Returns undefined while there is neither a summary nor a run that makes one. */
export function readSummaryPointer(table: Table, consistency: Consistency): Promise<SummaryPointer | undefined> {
  return readItem<SummaryPointer>(table, summaryKey, consistency);
}

const isClaimedBy = (run: string) => ({
  conditions: ['#claim.#run = :run'],
  names: { '#claim': 'claim', '#run': 'run' },
  values: { ':run': run },
});

/**
 * Claims the right to write a summary for the run `run`, from `now` to `until`. Returns the pointer, or undefined while
 * another run has the right. A repeated call of the same run succeeds, because the SDK repeats a call whose response was
 * lost. If the process dies afterwards, the claim ends at `until`.
 */
export async function claimSummary(
  table: Table,
  { run, now, until }: { readonly run: string; readonly now: number; readonly until: number },
): Promise<SummaryPointer | undefined> {
  return updateWhile<SummaryPointer>(table, {
    Key: summaryKey,
    ...updateOf({
      set: ['#claim = :claim', 'rowsSince = if_not_exists(rowsSince, :now)'],
      conditions: [`(${isUnset('#claim')} OR #claim.#until <= :now OR #claim.#run = :run)`],
      names: { '#claim': 'claim', '#until': 'until', '#run': 'run' },
      values: { ':claim': { run, until }, ':now': now, ':run': run },
    }),
  });
}

/**
 * Makes the summary in `slot` the current one. Returns false if the run no longer has the right to write. If the
 * process dies afterwards, the other slot still contains the rows of the former summary; the next run removes them.
 */
export async function publishSummary(
  table: Table,
  run: string,
  { slot, summarizedAt, overview }: Required<Pick<SummaryPointer, 'slot' | 'summarizedAt' | 'overview'>>,
): Promise<boolean> {
  const published = await updateWhile(table, {
    Key: summaryKey,
    ...updateOf(isClaimedBy(run), {
      set: ['#slot = :slot', 'summarizedAt = :at', 'overview = :overview'],
      names: { '#slot': 'slot' },
      values: { ':slot': slot, ':at': summarizedAt, ':overview': overview },
    }),
  });
  return published !== undefined;
}

/**
 * Ends the right of a run to write, after the run emptied the slot that is not current. `rowsSince` is the time at
 * which the run began. Does nothing if the run no longer has the right.
 */
export async function endSummaryRun(table: Table, run: string, rowsSince: number): Promise<void> {
  await updateWhile(table, {
    Key: summaryKey,
    ...updateOf(isClaimedBy(run), {
      set: ['rowsSince = :since'],
      remove: ['#claim'],
      values: { ':since': rowsSince },
    }),
  });
}

/**
 * Deletes the pointer after a run emptied both slots. Does nothing if the run has no right to write. If the process
 * dies before, the next run empties the slots again.
 */
export async function deleteSummaryPointer(table: Table, run: string): Promise<void> {
  const { conditions, names, values } = isClaimedBy(run);
  try {
    await table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: summaryKey,
        ConditionExpression: [exists, ...conditions].join(' AND '),
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/**
 * Stores a part of a list in a slot that is not current. If the process dies, readers see none of the slot's parts, and
 * the next run removes them.
 */
export async function putSummaryPart<Row>(
  table: Table,
  { slot, list, summarizedAt }: { readonly slot: Slot; readonly list: SummaryList; readonly summarizedAt: number },
  { position, next, rows }: SummaryPart<Row>,
): Promise<void> {
  const compressed = gzipSync(JSON.stringify(rows));
  const part: StoredPart = { position, next, summarizedAt, compressed };
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...summaryRowsKey(slot, list, position), ...part } }),
  );
}

/**
 * Reads the part of a list that contains a position, with an eventually consistent read. Returns undefined if the slot
 * no longer contains this part of the summary of the time `summarizedAt`. A part takes at most 3.5 read units.
 */
export async function readSummaryPart<Row>(
  table: Table,
  { slot, list, summarizedAt }: { readonly slot: Slot; readonly list: SummaryList; readonly summarizedAt: number },
  position: string,
): Promise<SummaryPart<Row> | undefined> {
  const { items } = await readLast<StoredPart>(table, summaryRowsUpTo(slot, list, position), 1);
  const [part] = items;
  if (part?.summarizedAt !== summarizedAt) return undefined;
  // The part that contained the position is gone, because a run empties the slot, and this one precedes it.
  if (part.next !== undefined && Buffer.compare(Buffer.from(position), Buffer.from(part.next)) >= 0) return undefined;
  const rows = JSON.parse(gunzipSync(part.compressed).toString()) as Row[];
  return { position: part.position, next: part.next, rows };
}

/** The maximum number of keys that one call reads, so that it reads at most 1 MB of items. */
const KEYS_AT_ONCE = 40;

/** Deletes all rows in a slot. If the process dies, some may be left, and the next run deletes them. */
export async function emptySummarySlot(table: Table, slot: Slot): Promise<void> {
  for (const list of summaryLists) {
    let after: string | undefined;
    do {
      const { items, lastSk } = await readKeys(table, summaryPartition(slot, list), KEYS_AT_ONCE, after);
      await deleteItems(table, items);
      after = lastSk;
    } while (after !== undefined);
  }
}

/** Deletes the summary while no run can write one, as in a table that was just restored from a backup. */
export async function discardSummary(table: Table): Promise<void> {
  for (const slot of ['a', 'b'] as const) await emptySummarySlot(table, slot);
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: summaryKey }));
}
