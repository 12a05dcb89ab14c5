import { readRp, type Rp } from '../../table/rps.ts';
import type { AdministratorCaller } from '../callers.ts';
import { NotFoundError } from '../errors.ts';
import type { Services } from '../services.ts';

export const NO_SUCH_RP = 'There is no such RP.';

/** Gives an RP of the caller's customer; throws `NotFoundError` for one that is not there, another customer's or removed. */
export async function getRp({ table }: Services, { customer }: AdministratorCaller, id: string): Promise<Rp> {
  const rp = await readRp(table, customer.customerId, id, 'strong');
  if (!rp || rp.removedAt !== undefined) throw new NotFoundError(NO_SUCH_RP);
  return rp;
}
