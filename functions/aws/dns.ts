import { UnavailableError } from '../table/engine/unavailable-error.ts';

/**
 * The time-out, in milliseconds, of the first attempt of a query; c-ares, the resolver in Node.js, waits longer for the
 * second attempt.
 */
const TIMEOUT = 1_000;
const TRIES = 2;
/** The longest time that a look-up takes, in milliseconds, even with several name servers. */
const LASTS = 4_000;

/**
 * The error codes that say that a name has no TXT records: the name does not exist, it has no records of this type, or
 * it is too long for a domain name.
 */
const NONE: readonly unknown[] = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/**
 * Returns the TXT records of a domain name. A record consists of strings of at most 255 bytes, which the function
 * joins. Asks `servers`, by default the name servers of the machine, which follow a CNAME. Returns an empty list if
 * there are no records. Throws `UnavailableError` when the name servers do not respond in time, or respond with an
 * error. Loads Node's resolver only when it is called, because few requests need it.
 */
export async function lookUpTxt(name: string, servers?: readonly string[]): Promise<readonly string[]> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (servers) resolver.setServers(servers);
  const timer = setTimeout(() => {
    resolver.cancel();
  }, LASTS);
  try {
    return (await resolver.resolveTxt(name)).map((strings) => strings.join(''));
  } catch (error) {
    if (NONE.includes((error as NodeJS.ErrnoException).code)) return [];
    throw new UnavailableError(`The name servers did not say which TXT records ${name} has.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
