import type { FieldError } from '../contract/errors/field-errors.ts';
import { recordRefusal as record } from '../domain/activity/record-refusal.ts';
import type { RefusalServices } from '../domain/activity/refusal-limits.ts';
import { SECOND } from '../domain/time.ts';
import type { Refusal } from '../table/refusals.ts';
import { untilAborted } from '../table/engine/client.ts';
import { TO_ANSWER } from './end-of-request.ts';
import type { Problem } from './problems.ts';
import type { RefusedRequest } from './record-refusals.ts';

/** The longest time, in milliseconds, for which a request waits until its refusal is stored. */
const PATIENCE = SECOND;
/** The problems of a client that the developer of a ceremony cannot mend in the ceremony. */
const NOT_OF_CEREMONIES: readonly number[] = [401, 429];

/** Stores a problem as the refusal of a ceremony, if it is one. */
export async function recordRefusal(
  services: RefusalServices,
  kind: Refusal['kind'],
  { caller, problem, left }: RefusedRequest,
): Promise<void> {
  if (problem.status >= 500 || NOT_OF_CEREMONIES.includes(problem.status)) return;
  const inTime = AbortSignal.timeout(Math.max(0, Math.min(PATIENCE, Math.floor(left) - TO_ANSWER)));
  await record({ ...services, table: untilAborted(services.table, inTime) }, caller, {
    kind,
    code: problem.type.replace('/problems/', ''),
    ...(typeof problem['step'] === 'string' && { step: problem['step'] }),
    detail: detailOf(problem),
    requestId: problem.requestId,
  });
}

/**
 * Returns the reason of a problem without anything that could identify a user. The detail of a field error contains no
 * value, but its pointer contains names of fields that the caller chose, if the field is unknown or is in the
 * attributes of a user.
 */
function detailOf({ errors, detail = '' }: Problem): string {
  if (!Array.isArray(errors)) return detail;
  return (errors as FieldError[])
    .map(({ pointer, code, detail: reason }) => {
      const known = pointer.replace(/\/attributes\/.*/, '/attributes');
      return `${code === 'unknown-field' ? known.replace(/\/[^/]*$/, '') : known}: ${reason}`;
    })
    .join('; ');
}
