import { createHash } from 'node:crypto';
import { readRp, type Rp } from '../../table/rps.ts';
import type { RpServer } from '../callers.ts';
import { CeremonyRefusedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { createTokenBuckets, type TokenBuckets } from '../token-buckets.ts';

/** The services that say whether this stage verifies the domains of RPs. */
export interface VerifyingServices extends Services {
  /** Whether an RP must show a DNS record before its users can register and sign in. */
  readonly verifyDomains: boolean;
}

/** The services that look for the DNS records of RPs. */
export interface DnsServices extends VerifyingServices {
  /**
   * Returns the TXT records of a domain name, each as one text; an empty list if there are none. Throws
   * `UnavailableError` when the name servers do not respond in time or cannot say.
   */
  readonly lookUpTxt: (name: string) => Promise<readonly string[]>;
  /** Limits how often a process looks for the record of one RP. */
  readonly dnsLookUps: TokenBuckets;
}

/**
 * How often a process looks for the record of one RP: 5 times at once, and then once in 10 seconds. Without the limit,
 * a customer could make the service flood the name servers of a domain that belongs to somebody else.
 */
const LOOK_UPS = { capacity: 5, perSecond: 0.1 };

/** Adds the look-ups of DNS records to the services. Their limit lasts as long as the process. */
export const withDnsLookUps = <S extends VerifyingServices>(
  services: S,
  lookUpTxt: DnsServices['lookUpTxt'],
): S & DnsServices => ({ ...services, lookUpTxt, dnsLookUps: createTokenBuckets(services.clock, LOOK_UPS) });

/**
 * Returns the DNS record with which an RP proves that it controls its domain. The value is computed from the service's
 * own ID of the RP, so it never changes, and differs for two customers with the same RP ID. It is no secret: only
 * somebody who controls the domain can publish it.
 */
export function verificationRecordOf({ id, rpId }: Pick<Rp, 'id' | 'rpId'>) {
  const code = createHash('sha256').update(`domain verification ${id}`).digest('base64url');
  return { name: `_fido2-server.${rpId}`, type: 'TXT' as const, value: `fido2-server-verification=${code}` };
}

/**
 * Returns whether an RP must show a DNS record before its users can register and sign in. `localhost` has no DNS
 * records, and a page on it belongs to the person who opens it.
 */
export const isVerificationRequired = (rpId: string, { verifyDomains }: Pick<VerifyingServices, 'verifyDomains'>) =>
  verifyDomains && rpId !== 'localhost';

/**
 * Throws `CeremonyRefusedError` with `rp-not-verified` when the RP must show a DNS record and the service has not found
 * it yet. The caller's RP may be up to 10 seconds old, so the function reads an RP that is not verified once more, with
 * strong consistency, before it refuses.
 */
export async function requireVerified(
  services: Pick<VerifyingServices, 'table' | 'verifyDomains'>,
  { customerId, rpRef, rp }: RpServer,
): Promise<void> {
  if (!isVerificationRequired(rp.rpId, services) || rp.verifiedAt !== null) return;
  const current = await readRp(services.table, customerId, rpRef, 'strong');
  if (current?.verifiedAt !== undefined) return;
  throw new CeremonyRefusedError(
    'rp-not-verified',
    `The domain ${rp.rpId} is not verified yet. Publish the DNS record that GET /v1/rp shows. Then an administrator must send POST /v1/rps/{id}/verification.`,
  );
}
