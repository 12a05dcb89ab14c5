import { build } from '../../functions/events/discard-items.ts';
import type { Discard, DiscardingServices, ToDiscard } from '../../functions/domain/discarding.ts';
import { keepClosingRecord } from '../../functions/table/closing-records.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { openLocalClosingRecords } from '../../local/open-table.ts';
import { engine } from './engine.ts';
import type { Metering } from './metering.ts';

/** A queue that delivers what is due when it is asked to, and keeps what was not taken. */
export function createQueue({ clock }: Pick<Metering, 'clock'>) {
  const waiting = new Set<{ message: ToDiscard; from: number }>();
  const discard: Discard = (messages, delay) => {
    for (const message of messages) waiting.add({ message, from: clock.time + delay });
    return Promise.resolve();
  };
  return {
    discard,
    waiting,
    due: () => [...waiting].filter(({ from }) => from <= clock.time),
    /** Has a message taken; one whose taking fails is due again. */
    async deliver(entry: { message: ToDiscard; from: number }, take: (message: ToDiscard) => Promise<void>) {
      await take(entry.message);
      waiting.delete(entry);
    },
  };
}

/** Opens what the discarding worker works with on a metering's table: `sweepAfter` in milliseconds. */
export async function openDiscarding(metering: Metering, { sweepAfter = 12_000 } = {}) {
  const closingRecords = await openLocalClosingRecords(engine, metering.table.name);
  const queue = createQueue(metering);
  const services: DiscardingServices = {
    ...metering.services,
    discard: queue.discard,
    keepClosingRecord: (record) => keepClosingRecord(closingRecords, record),
    sweepAfter,
  };
  return {
    queue,
    services,
    closingRecords,
    /** Makes a worker with a client of its own for the table. */
    worker(own: Table, discard: Discard = queue.discard) {
      const handler = build({ ...services, table: own, discard });
      return (message: ToDiscard) =>
        handler(
          { Records: [{ body: JSON.stringify(message) }] } as Parameters<typeof handler>[0],
          contextOf({ name: 'discard-items' }),
        );
    },
  };
}
