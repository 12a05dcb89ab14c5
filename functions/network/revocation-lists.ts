import type { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** How many milliseconds a lookup may take. A list that does not arrive in time says nothing. */
const LOOKUP = 30_000;

/**
 * Looks up the certificates of a path in the revocation lists that the certificates name. `path` is verified already,
 * so only a certificate authority that the service trusts chose the addresses. Returns why the path is refused,
 * undefined if no list that can be downloaded contains a certificate of the path.
 */
export async function refusalByLists(path: readonly X509Certificate[]): Promise<string | undefined> {
  // The certificate that signed the BLOB is itself a root, so nobody else could revoke it.
  if (path.length < 2) return undefined;
  const certificates = path.map(String);
  const { validateCertificatePath } = await import('@simplewebauthn/server/helpers');
  const lookup = validateCertificatePath(certificates.slice(0, -1), certificates.slice(-1)).then(
    () => undefined,
    (error: unknown) => {
      const { message, cause } = error as Error;
      return `${message.split('\n', 1)[0] ?? ''} (${cause instanceof Error ? cause.message : 'no cause'})`;
    },
  );
  const timer = new AbortController();
  const patience = sleep(LOOKUP, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([lookup, patience]);
  } finally {
    timer.abort();
  }
}
