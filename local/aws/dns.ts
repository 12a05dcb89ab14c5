import type { DnsServices } from '../../functions/domain/rps/domain-verification.ts';

/** The name servers of the local service: they know only the TXT records that somebody has set with a local route. */
export interface LocalDns {
  readonly lookUpTxt: DnsServices['lookUpTxt'];
  /** Replaces the TXT records of a domain name. With an empty list, the name has none. */
  readonly set: (name: string, txt: readonly string[]) => void;
}

/** Creates name servers without any record. Upper and lower case in domain names are equal (RFC 1035, 2.3.3). */
export function createDns(): LocalDns {
  const records = new Map<string, readonly string[]>();
  const keyOf = (name: string) => name.toLowerCase().replace(/\.$/, '');
  return {
    lookUpTxt: (name) => Promise.resolve(records.get(keyOf(name)) ?? []),
    set: (name, txt) => {
      records.set(keyOf(name), txt);
    },
  };
}
