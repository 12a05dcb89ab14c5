import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { activeUserItem } from '../../functions/table/metering/active-users.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { recordOf } from '../designs/design.ts';
import { BEGINNING } from './population.ts';

/** `BatchWriteItem` takes at most 25 items. */
const PUTS_A_BATCH = 25;
const BATCHES_AT_ONCE = 4;

/** Puts `count` active-user records for the month of `BEGINNING` into the table, as the service stores them. */
export async function putRecords(
  { client, name }: Table,
  { customerId, rpRef }: { readonly customerId: string; readonly rpRef: string },
  count: number,
): Promise<void> {
  let next = 0;
  const writer = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, next + PUTS_A_BATCH);
      const puts = Array.from({ length: next - first }, (_, index) => ({
        PutRequest: { Item: itemOf(first + index) },
      }));
      await client.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, writer));

  function itemOf(user: number) {
    const operation = { userId: `user-${user}@shop.example`, occurredAt: BEGINNING };
    const { record, ttl } = recordOf({ customerId, rpRef, keyId: '' }, operation);
    return activeUserItem(record, ttl);
  }
}
