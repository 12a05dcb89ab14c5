import { FssError } from './fss-call.ts';
import { parameterError } from './parse-body.ts';

/**
 * Returns whether a call asks that the changed thing must be as the client knows it. `known` is the time of the last
 * change that the client knows, and `stored` the one that the service has read, both in epoch milliseconds. The caller
 * then passes the version that it has read on, so that nobody changes the thing in between. Throws `FssError` with
 * `UPDATE_ERROR` when the times differ, and with `PARAMETER_ERROR` when the client names no time.
 */
export function checkUpdated(
  options: { readonly withUpdatedCheck: boolean } | null | undefined,
  known: number | undefined,
  stored: number,
): boolean {
  if (!options?.withUpdatedCheck) return false;
  if (known === undefined) throw parameterError('updated: Must be present if options.withUpdatedCheck is true.');
  if (known !== stored) {
    throw new FssError('UPDATE_ERROR', 'It was changed after you read it. Read it again, and repeat your change.');
  }
  return true;
}
