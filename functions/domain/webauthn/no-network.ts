import { AsyncLocalStorage } from 'node:async_hooks';

/** True within a verification. */
const verifying = new AsyncLocalStorage<true>();
const { fetch } = globalThis;

/**
 * Refuses to open a connection during a verification. An attestation certificate names the address of its revocation
 * list, and SimpleWebAuthn fetches this list. So without this rule, an attacker could make the service send a request
 * to any address. Other code of the process can still use `fetch`: all Lambda functions run in one process of the local
 * service.
 */
globalThis.fetch = (...request) =>
  verifying.getStore() ? Promise.reject(new Error('A verification must not open a connection')) : fetch(...request);

/** Runs `verify`. Every call of `globalThis.fetch` that `verify` causes is rejected. */
export function withoutNetwork<T>(verify: () => Promise<T>): Promise<T> {
  return verifying.run(true, verify);
}
