/**
 * The error for a request without an answer: the connection failed, or no answer came in time, at each try. The service
 * may have done what the request asks for. `cause` is the error of the last try.
 */
export class Fido2ConnectionError extends Error {
  override readonly name = 'Fido2ConnectionError';
}
