import type { RefusalView } from '../../contract/activity.ts';
import { readRefusals, type Refusal } from '../../table/refusals.ts';
import type { AdministratorCaller } from '../callers.ts';
import { getRp } from '../rps/get-rp.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * Returns the last refusals of an RP's ceremonies, the last one first. Throws `NotFoundError` when the customer has no
 * such RP.
 */
export async function listRefusals(services: Services, caller: AdministratorCaller, id: string) {
  const rp = await getRp(services, caller, id);
  return { items: (await readRefusals(services.table, rp.id, services.clock.now())).map(refusalView) };
}

const refusalView = ({ at, kind, code, step, detail, keyId, requestId }: Refusal): RefusalView => ({
  ...{ at: toIso(at), kind, code, step: step ?? null, detail, keyId, requestId },
});
