import { storeOnce } from '../../table/settings.ts';
import type { Table } from '../../table/engine/client.ts';

/**
 * Stores the service's time zone at its first start. Throws when it was started with another one: months that were
 * counted, billed and shown would move.
 */
export async function fixTimeZone({ table }: { table: Table }, timeZone: string): Promise<void> {
  const stored = await storeOnce(table, 'time-zone', timeZone);
  if (stored !== timeZone) {
    throw new Error(
      `This service counts its months in the time zone ${stored} since its first start; it cannot be started with ${timeZone}. Set the time zone (SERVICE_TIME_ZONE locally, the stage's timeZone in AWS) back to ${stored}.`,
    );
  }
}
