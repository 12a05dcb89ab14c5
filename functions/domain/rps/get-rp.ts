import { readRp, type Rp } from '../../table/rps.ts';
import type { AdministratorCaller } from '../callers.ts';
import { noSuchRp } from '../refusals.ts';
import type { Services } from '../services.ts';

/**
 * Returns an RP of the caller's customer, from a strongly consistent read. Throws `NotFoundError` if the customer has
 * no such RP, or removed it.
 */
export async function getRp({ table }: Services, { customer }: AdministratorCaller, id: string): Promise<Rp> {
  const rp = await readRp(table, customer.customerId, id, 'strong');
  if (!rp) throw noSuchRp();
  return rp;
}
