import { build } from '../../functions/events/discard-items.ts';
import type { Discard, DiscardingServices, ToDiscard } from '../../functions/domain/discarding.ts';
import { keepClosingRecord } from '../../functions/table/closing-records.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { openLocalClosingRecords } from '../../local/open-table.ts';
import { engineEndpoint } from './engine.ts';
import type { Metering } from './metering/metering.ts';

/** Creates a queue that delivers due messages on request and keeps each message whose delivery failed. */
function createQueue({ clock }: Pick<Metering, 'clock'>) {
  const waiting = new Set<{ message: ToDiscard; from: number }>();
  const discard: Discard = (messages, delay) => {
    for (const message of messages) waiting.add({ message, from: clock.time + delay });
    return Promise.resolve();
  };
  return {
    discard,
    waiting,
    due: () => [...waiting].filter(({ from }) => from <= clock.time),
    /** Delivers a queue message to `take`, the worker. If the worker fails, the message remains due. */
    async deliver(entry: { message: ToDiscard; from: number }, take: (message: ToDiscard) => Promise<void>) {
      await take(entry.message);
      waiting.delete(entry);
    },
  };
}

/**
 * Creates the services of the worker that discards data, with the table and the clock of `metering`. `sweepAfter` is
 * the number of milliseconds for which other writes for a customer can still arrive after the customer begins to
 * unsubscribe.
 */
export async function openDiscarding(metering: Metering, { sweepAfter = 12_000 } = {}) {
  const closingRecords = await openLocalClosingRecords(await engineEndpoint(), metering.table.name);
  const queue = createQueue(metering);
  const services: DiscardingServices = {
    ...metering.services,
    discard: queue.discard,
    keepClosingRecord: (record) => keepClosingRecord(closingRecords, record),
    sweepAfter,
  };
  /**
   * Creates a worker that uses the table client `own`. `time` returns how many milliseconds an invocation has left; by
   * default, every invocation has enough time.
   */
  function worker(own: Table, discard: Discard = queue.discard, time = () => 60_000) {
    const handler = build({ ...services, table: own, discard });
    return (message: ToDiscard) =>
      handler({ Records: [{ body: JSON.stringify(message) }] } as Parameters<typeof handler>[0], {
        awsRequestId: 'invocation-1',
        getRemainingTimeInMillis: time,
      });
  }
  return {
    queue,
    services,
    closingRecords,
    worker,
    /**
     * Advances the clock and delivers due messages until the queue is empty. Deletes every waiting e-mail, as if SES
     * had accepted the e-mail. Returns the number of delivered messages.
     */
    runDry: async (take = worker(metering.table)): Promise<number> => {
      let deliveries = 0;
      while (queue.waiting.size > 0) {
        metering.clock.time += 15_000;
        for (const entry of queue.due()) {
          deliveries += 1;
          if (deliveries > 1_000) throw new Error('The queue does not become empty.');
          await queue.deliver(entry, take);
        }
        for (const { mailId } of await metering.dump()) {
          if (typeof mailId === 'string') await deleteMail(metering.table, mailId);
        }
      }
      return deliveries;
    },
  };
}
