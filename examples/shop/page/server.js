/**
 * @typedef {import('../server/account.ts').Account} Account
 * @typedef {{ readonly account: Account | null, readonly signals?: import('./passkeys.js').Signals }} Shown
 * @typedef {{ readonly options: any, readonly secondsLeft: number }} Begun
 */

/** An answer that says why something did not work, in words for the person. */
export class Refusal extends Error {
  /** @param {{ code: string, message: string, signals?: import('./passkeys.js').Signals }} body */
  constructor({ code, message, signals }) {
    super(message);
    this.code = code;
    this.signals = signals;
  }
}

/** @returns {Promise<Shown>} */
export const getAccount = () => ask('/api/account');

/**
 * Sends JSON to the shop's server. The browser adds the cookie.
 *
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export const post = (path, body = {}) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/**
 * @param {string} path
 * @param {RequestInit} [request]
 */
async function ask(path, request) {
  const answer = await fetch(path, request).catch(() => undefined);
  const body = await answer?.json().catch(() => undefined);
  if (answer?.ok && body) return body;
  throw new Refusal(body ?? { code: 'unavailable', message: 'We cannot reach the shop. Check your connection.' });
}
