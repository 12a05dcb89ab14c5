import type { RpServer } from '../callers.ts';
import type { FssAnswer, FssRequest, FssServices } from './fss-call.ts';
import { FssError } from './fss-call.ts';
import { fssCalls } from './fss-calls.ts';
import { newNonce } from './fss-nonce.ts';

/** The name of the only call that needs no authentication. */
export const GET_NONCE = 'getNonce';

/** A call in the FSS format. The caller is undefined only for `getNonce`. */
export interface NamedFssRequest extends Omit<FssRequest, 'caller'> {
  readonly name: string;
  readonly caller: RpServer | undefined;
}

/** Returns whether there is a call with this name. */
export const isFssCall = (name: string): boolean => name === GET_NONCE || Object.hasOwn(fssCalls, name);

/**
 * Performs the call that a request names. Throws `FssError` when there is no such call, when the body is no JSON
 * object, or when the call itself fails.
 */
export async function answerFssCall(
  services: FssServices,
  { name, caller, ...request }: NamedFssRequest,
): Promise<FssAnswer> {
  const { body } = request;
  if (!isFssCall(name)) throw new FssError('NOT_FOUND', 'There is no call of this name.');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FssError('PARAMETER_ERROR', 'The body must be a JSON object.');
  }
  if (name === GET_NONCE) return { data: { nonce: await newNonce(services) } };
  const call = fssCalls[name];
  if (!call || !caller) throw new Error('A call without an authenticated caller must not get here.');
  return call(services, { ...request, caller });
}
