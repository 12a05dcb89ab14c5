import type { Consistency } from '../../table/engine/reads.ts';
import { DomainError } from '../errors.ts';

/**
 * Calls `judge` with eventually consistent reads. If it refuses the request, calls it again with strongly consistent
 * reads, so that nobody is refused because of a write that a replica has not seen yet. Throws the error of the second
 * call.
 */
export async function certain<T>(judge: (consistency: Consistency) => Promise<T>): Promise<T> {
  try {
    return await judge('eventual');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return judge('strong');
  }
}
