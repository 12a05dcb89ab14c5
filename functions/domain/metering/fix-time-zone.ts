import { storeOnce } from '../../table/settings.ts';
import type { Table } from '../../table/engine/client.ts';

/**
 * Stores the service's time zone at the first start of the service. At a later start, throws an `Error` when `timeZone`
 * differs from the stored time zone, because a change would move the boundaries of months that were already counted and
 * billed.
 */
export async function fixTimeZone({ table }: { table: Table }, timeZone: string): Promise<void> {
  const stored = await storeOnce(table, 'time-zone', timeZone);
  if (stored !== timeZone) {
    throw new Error(
      `This service counts its months in the time zone ${stored}, which was set at its first start. It cannot start with the time zone ${timeZone}. Set the time zone (SERVICE_TIME_ZONE locally, the stage's timeZone in AWS) back to ${stored}.`,
    );
  }
}
