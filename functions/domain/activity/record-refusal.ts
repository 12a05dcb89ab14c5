import { putRefusal, type Refusal } from '../../table/refusals.ts';
import type { RpCaller } from '../callers.ts';
import type { RefusalServices } from './refusal-limits.ts';

/** The maximum number of characters of the detail of a refusal. */
const MAX_DETAIL = 300;

/**
 * Stores the refusal of a ceremony, for the developer of the RP, unless this process has stored another refusal of the
 * RP within the last second. So a flood of refusals costs at most one write unit a second in each process. Refusals of
 * the same second from several processes share one item of the table, which contains the last of them.
 *
 * A text in the detail may come from a caller, such as an origin. So the function cuts the detail and replaces all
 * characters other than visible ASCII. The item is then smaller than the 1 KB that a write unit pays for.
 *
 * The write does not check that the RP still exists. A process may have cached the API key for 10 seconds when the RP
 * is removed, and discarding ends later than that.
 */
export async function recordRefusal(
  { table, clock, refusalLimits }: RefusalServices,
  { rpRef, keyId }: RpCaller,
  refusal: Pick<Refusal, 'kind' | 'code' | 'step' | 'detail' | 'requestId'>,
): Promise<void> {
  if (refusalLimits.secondsToWait(rpRef) > 0) return;
  refusalLimits.take(rpRef, 1);
  const detail = refusal.detail.slice(0, MAX_DETAIL).replaceAll(/[^ -~]/g, '?');
  await putRefusal(table, rpRef, { ...refusal, detail, keyId, at: clock.now() });
}
