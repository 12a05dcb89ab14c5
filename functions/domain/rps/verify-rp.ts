import type { RpDetailsView } from '../../contract/rp-views.ts';
import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { markRpVerified } from '../../table/rps.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { CeremonyRefusedError, TooManyRequestsError } from '../errors.ts';
import { lostRights, noSuchRp } from '../refusals.ts';
import { isVerificationRequired, verificationRecordOf, type DnsServices } from './domain-verification.ts';
import { readRpAndSettings, rpDetailsView } from './rp-details.ts';

/** The maximum number and length of the found records in a response, so that a stranger's domain cannot inflate it. */
const MAX_FOUND = 10;
const MAX_FOUND_LENGTH = 200;

/**
 * Looks for the DNS record of an RP, stores that the RP is verified, and returns the RP. Looks for nothing if the RP is
 * verified already or need not be verified.
 *
 * Throws `NotFoundError` when the customer has no such RP, `TooManyRequestsError` when this process has looked for the
 * record too often, `UnavailableError` when the name servers do not respond, `CeremonyRefusedError` with
 * `rp-not-verified` and the records found when the right one is not among them, and `UnauthenticatedError` when the
 * caller has lost their rights.
 *
 * If the process dies before the transaction, nothing is stored, and the caller can repeat the request.
 */
export async function verifyRp(services: DnsServices, caller: AdministratorCaller, id: string): Promise<RpDetailsView> {
  const { table, clock, lookUpTxt, dnsLookUps } = services;
  const read = await readRpAndSettings(services, caller, id);
  const { rp } = read;
  if (rp.verifiedAt !== undefined || !isVerificationRequired(rp.rpId, services)) return rpDetailsView(services, read);

  const wait = dnsLookUps.secondsToWait(id);
  if (wait > 0) {
    throw new TooManyRequestsError(
      `The service has just looked for the DNS record several times. Try again after ${wait} seconds.`,
      wait,
    );
  }
  dnsLookUps.take(id, 1);
  const record = verificationRecordOf(rp);
  const found = await lookUpTxt(record.name);
  if (!found.some((text) => text.trim() === record.value)) throw recordNotFound(record, found);

  const verifiedAt = clock.now();
  const change = newChange(services, caller, rp.customerId, {
    kind: 'rp-verified',
    subject: { id, name: rp.name },
    rpRef: id,
    before: { id, rpId: rp.rpId, verified: false },
    after: { id, rpId: rp.rpId, verified: true },
  });
  const failures = await transact(table, {
    audit: change.write,
    rp: markRpVerified(rp, verifiedAt),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  const current = failures?.rp?.item;
  // Another request has verified the RP at the same time.
  if (current) return rpDetailsView(services, { ...read, rp: current });
  if (failures) throw noSuchRp();
  change.log();
  return rpDetailsView(services, { ...read, rp: { ...rp, verifiedAt } });
}

function recordNotFound(record: ReturnType<typeof verificationRecordOf>, found: readonly string[]) {
  const outcome =
    found.length === 0
      ? `There is no TXT record at ${record.name}.`
      : `None of the TXT records at ${record.name} has the right value.`;
  return new CeremonyRefusedError(
    'rp-not-verified',
    `${outcome} Publish one with the value ${record.value}, and try again. A new record may become visible only after some minutes.`,
    { record, found: found.slice(0, MAX_FOUND).map((text) => text.slice(0, MAX_FOUND_LENGTH)) },
  );
}
