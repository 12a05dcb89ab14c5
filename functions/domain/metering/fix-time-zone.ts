import { settle } from '../../table/settings.ts';
import type { Table } from '../../table/engine/client.ts';

/**
 * Stores the service's time zone at its first start. Throws when it was started with another one: months that were
 * counted, billed and shown would move.
 */
export async function settleTimeZone({ table }: { table: Table }, timeZone: string): Promise<void> {
  const settled = await settle(table, 'time-zone', timeZone);
  if (settled !== timeZone) {
    throw new Error(
      `This service counts its months in the time zone ${settled} since its first start; it cannot be started with ${timeZone}. Set the time zone (SERVICE_TIME_ZONE locally, the stage's timeZone in AWS) back to ${settled}.`,
    );
  }
}
