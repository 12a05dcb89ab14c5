import { readMauOf } from '../../table/metering/mau-counters.ts';
import type { Table } from '../../table/engine/client.ts';
import { readRemovedRpsSince } from '../../table/removed-rps.ts';
import { readAllRps } from '../../table/rps.ts';
import type { Month } from '../calendar.ts';

/** An RP with its MAU. */
export interface MauOfRp {
  readonly name: string;
  readonly mau: number;
}

/** The MAU of a customer in one month. */
export interface MauOfCustomer {
  /** The sum over all RPs. */
  readonly total: number;
  /** The RPs with active users, removed RPs included, the largest MAU first. */
  readonly rps: readonly MauOfRp[];
}

/**
 * Returns the MAU of a customer in a month that is not closed, in total and for each RP. Reads the counters, which can
 * be some seconds late, and the RPs with eventually consistent reads.
 */
export async function mauByRp(table: Table, customerId: string, month: Month): Promise<MauOfCustomer> {
  const [{ counters }, present, removed] = await Promise.all([
    readMauOf(table, customerId, month, undefined),
    readAllRps(table, customerId, 'eventual'),
    readRemovedRpsSince(table, customerId, month, 'eventual'),
  ]);
  const names = new Map([...removed, ...present].map(({ id, name }) => [id, name]));
  const total = counters.find(({ rpRef }) => rpRef === undefined)?.mau ?? 0;
  const rps = counters
    .flatMap(({ rpRef, mau }) => {
      const name = rpRef === undefined ? undefined : names.get(rpRef);
      return name !== undefined && mau > 0 ? [{ name, mau }] : [];
    })
    .sort((a, b) => b.mau - a.mau);
  return { total, rps };
}
