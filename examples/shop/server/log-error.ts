import { Fido2ConnectionError, Fido2Problem } from 'fido2-server-service-sdk';

/**
 * Prints an error. Of a problem, prints the message and the ID of the request, with which the log of the service says
 * more. The other members of a problem, such as its signals, contain IDs of passkeys and users.
 */
export function logError(error: unknown): void {
  if (error instanceof Fido2Problem) console.error(`${error.message} (request ${error.requestId ?? 'unknown'})`);
  else console.error(error instanceof Fido2ConnectionError ? error.message : error);
}
