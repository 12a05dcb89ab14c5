import type { Resolver } from 'node:dns/promises';
import { UnansweredError } from '../aws/unanswered-error.ts';

/**
 * The DNS records of names. Each function returns an empty list if there are no such records, and throws
 * `UnansweredError` if the name servers do not answer.
 */
export interface Dns {
  /** Returns the targets of CNAME records, in lower case and without a dot at the end. */
  cname(name: string): Promise<readonly string[]>;
  /** Returns the TXT records, each as one text. */
  txt(name: string): Promise<readonly string[]>;
  /** Returns the names of the mail servers, in lower case and without a dot at the end. */
  mx(name: string): Promise<readonly string[]>;
  /** Returns the IPv4 addresses, also those of the name to which a CNAME record leads. */
  addresses(name: string): Promise<readonly string[]>;
}

/** The part of Node's resolver that the preflight uses. */
export type DnsResolver = Pick<Resolver, 'resolveCname' | 'resolveTxt' | 'resolveMx' | 'resolve4'>;

/** The error codes that say that a name does not exist or has no records of a type. */
const NONE: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

const nameOf = (name: string) => name.toLowerCase().replace(/\.$/, '');

/** Returns the look-ups of DNS records by a resolver. */
export function openDns(resolver: DnsResolver): Dns {
  async function records<Found>(name: string, lookUp: () => Promise<Found[]>): Promise<Found[]> {
    try {
      return await lookUp();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (NONE.includes(code)) return [];
      throw new UnansweredError(
        'unreachable',
        `the name servers did not answer about ${name} (${code ?? String(error)})`,
        'Check the network and the name servers of the domain, and run the preflight again.',
        { cause: error },
      );
    }
  }
  return {
    cname: async (name) => (await records(name, () => resolver.resolveCname(name))).map(nameOf),
    txt: async (name) => (await records(name, () => resolver.resolveTxt(name))).map((strings) => strings.join('')),
    mx: async (name) => (await records(name, () => resolver.resolveMx(name))).map(({ exchange }) => nameOf(exchange)),
    addresses: (name) => records(name, () => resolver.resolve4(name)),
  };
}
