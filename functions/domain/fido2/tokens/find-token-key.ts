import { checkCustomerActive } from '../../../table/customers/conditions.ts';
import { transact } from '../../../table/engine/transaction.ts';
import { UnavailableError } from '../../../table/engine/unavailable-error.ts';
import { checkRp } from '../../../table/rps.ts';
import { readTokenKeys, replaceTokenKeys, type TokenKey } from '../../../table/token-keys.ts';
import type { RpCaller } from '../../callers.ts';
import type { CeremonyServices } from '../ceremony-services.ts';
import { customerNotActive, rpRemoved } from '../../refusals.ts';
import { newTokenKey, openTokenKey, sealTokenKey, type OpenTokenKey } from './sealed-token-key.ts';
import { indexOfSigner, isDue, publishedKeys, signsFromIfPublished } from './token-key-times.ts';

/** The maximum number of tries. Each try after the first needs another process that has replaced the keys meanwhile. */
const MAX_TRIES = 10;

/**
 * Returns the key that signs the tokens of an RP now. A process that remembers the key makes no call to the table.
 * Otherwise, the function reads the keys, and replaces them if it must:
 *
 * - An RP without keys gets its first key, which signs at once. Nobody can have cached the key set before.
 * - When the newest key is due, the next key is published.
 * - Keys that an older secret of the stage has sealed are sealed with the newest secret.
 * - If no secret opens a key that signs now or later, a new key signs at once. This happens to an RP that asked for no
 *   token between two rotations of the stage's secret.
 *
 * Two processes may do this at the same time:
 *
 *     A reads: no keys           B reads: no keys
 *     A stores key 1             B's write fails: there are keys
 *     A signs with key 1         B reads key 1, and signs with it
 *
 * If the process dies after the write, the keys are stored and other processes use them. If it dies before, nothing has
 * changed. Throws `UnauthenticatedError` when the RP was removed or the customer is not active.
 */
export async function findTokenKey(services: CeremonyServices, caller: RpCaller): Promise<OpenTokenKey> {
  const { table, clock, tokenKeys } = services;
  const { customerId, rpRef } = caller;
  const signerOf = (keys: readonly OpenTokenKey[], now: number) => keys[indexOfSigner(keys, now)];
  const remembered = tokenKeys.get(rpRef) ?? [];
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const now = clock.now();
    const known = tries === 0 && !isDue(remembered, now) ? signerOf(remembered, now) : undefined;
    if (known) return known;

    const stored = await readTokenKeys(table, rpRef, 'strong');
    const kept = stored?.keys ?? [];
    const opened = await openSigning(services, rpRef, kept, now);
    const added = isDue(opened.keys, now)
      ? [newTokenKey(opened.keys.length === 0 ? now : signsFromIfPublished(now))]
      : [];
    const keys = [...opened.keys, ...added];
    if (added.length > 0 || !opened.areNewest) {
      const [secret] = await services.stageSecrets();
      if (!secret) throw new Error('The stage has no secret for token keys.');
      const signing = keys.map((key) => sealTokenKey(secret, rpRef, key));
      const failures = await transact(table, {
        keys: replaceTokenKeys(rpRef, {
          version: (stored?.version ?? 0) + 1,
          keys: publishedKeys([...signedBefore(kept, signing, now), ...signing], now),
        }),
        rp: checkRp(customerId, rpRef),
        customer: checkCustomerActive(customerId),
      });
      if (failures?.rp) throw rpRemoved();
      if (failures?.customer) throw customerNotActive();
      if (failures) continue;
    }
    tokenKeys.set(rpRef, keys);
    const signer = signerOf(keys, now);
    if (signer) return signer;
  }
  throw new UnavailableError('The keys that sign tokens change too often.');
}

/** The open keys that sign now and later. `areNewest`: the newest secret of the stage has sealed all of them. */
interface Opened {
  readonly keys: readonly OpenTokenKey[];
  readonly areNewest: boolean;
}

/**
 * Opens the keys that sign now and later. Returns none if the stage's secrets do not open all of them. The secrets are
 * then at most 10 seconds old (`newerStageSecrets`).
 */
async function openSigning(
  { stageSecrets, newerStageSecrets }: CeremonyServices,
  rpRef: string,
  stored: readonly TokenKey[],
  now: number,
): Promise<Opened> {
  const signing = stored.slice(indexOfSigner(stored, now));
  const open = (secrets: Awaited<ReturnType<typeof stageSecrets>>): Opened | undefined => {
    const opened = signing.flatMap((key) => openTokenKey(secrets, rpRef, key) ?? []);
    if (opened.length < signing.length) return undefined;
    return { keys: opened.map(({ key }) => key), areNewest: opened.every(({ isNewest }) => isNewest) };
  };
  const opened = open(await stageSecrets()) ?? open((await newerStageSecrets()) ?? []);
  return opened ?? { keys: [], areNewest: true };
}

/** Returns the stored keys that have signed and sign no more. Their private keys are dropped. */
function signedBefore(stored: readonly TokenKey[], signing: readonly TokenKey[], now: number): TokenKey[] {
  const kids = new Set(signing.map(({ kid }) => kid));
  return stored.filter(({ kid, signsFrom }) => !kids.has(kid) && signsFrom <= now).map(({ sealed: _, ...key }) => key);
}
