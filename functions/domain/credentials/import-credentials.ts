import type { ImportItem } from '../../contract/moving-credentials.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import type { Table } from '../../table/engine/client.ts';
import { transact } from '../../table/engine/transaction.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';
import { readMetadata } from '../../table/metadata.ts';
import { readTakenCredentialIds } from '../../table/users/credentials.ts';
import { readUsers } from '../../table/users/users.ts';
import type { RpServer } from '../callers.ts';
import { DomainError } from '../errors.ts';
import { rpRemoved } from '../refusals.ts';
import type { CalendarServices } from '../services.ts';
import { readSettledContent } from '../users/settled-content.ts';
import { userNameTaken } from '../users/user-names.ts';
import { readImport, type ImportedUser } from './imported-item.ts';
import { planImport, type ImportSnapshot } from './plan-import.ts';

/** The result for an item of an import. */
interface ImportResult {
  readonly userId: string;
  readonly credentialId: string | null;
  readonly status: 'imported' | 'already-imported';
}

/** The maximum number of tries. Each try after the second one needs another request that has succeeded meanwhile. */
const MAX_TRIES = 20;

/**
 * Imports 1 to 25 credentials and their users, and returns the result of each item. One transaction stores everything
 * and counts the new users. If the process dies, either everything or nothing is stored. If the RP then repeats the
 * request, the new response says `already-imported` for each item.
 *
 * All reads are strongly consistent, but not of one moment. So the function refuses a request only if the second reads
 * show a reason to refuse it too:
 *
 *     A and B import the same           A's transaction stores the user and the credential
 *     B reads the user: none            B reads the credential ID: taken
 *     B reads again: the user has the credential, so B answers `already-imported`
 *
 * Throws `InvalidInputError` for items that are wrong by themselves, `AlreadyExistsError` for a user handle, credential
 * ID, public key or unique name that is taken, `CeremonyRefusedError` with `too-many-credentials`, the errors of
 * `requireRoom` when the license does not allow the new users, and `UnauthenticatedError` when the RP was removed.
 */
export async function importCredentials(
  services: CalendarServices,
  caller: RpServer,
  { items }: { readonly items: readonly ImportItem[] },
): Promise<ImportResult[]> {
  const users = readImport(items);
  const authenticatorNames = await readAuthenticatorNames(services.table, users);
  let { uniqueUserNames } = caller.rp.settings;
  let isSure = false;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const snapshot = await readSnapshot(services.table, caller, users, { authenticatorNames, uniqueUserNames });
    try {
      const { writes, newUserIds, newCredentialIds } = planImport(services, caller, snapshot);
      const hasWrites = newUserIds.size + newCredentialIds.size > 0;
      const failures = hasWrites ? await transact(services.table, writes) : undefined;
      if (!failures) {
        return items.map(({ user: { userId }, credential }) => {
          const isNew = credential ? newCredentialIds.has(credential.id) : newUserIds.has(userId);
          return { userId, credentialId: credential?.id ?? null, status: isNew ? 'imported' : 'already-imported' };
        });
      }
      if (failures.rp && !failures.rp.item) throw rpRemoved();
      if (failures.rp?.item) uniqueUserNames = failures.rp.item.uniqueUserNames === true;
      const named = users.filter(({ given: { userId } }) => {
        const holder = failures[`name ${userId}`]?.item;
        return holder !== undefined && holder.userId !== userId;
      });
      if (named.length > 0) throw userNameTaken(...named.map(({ at }) => `${at}/userName`));
    } catch (refusal) {
      if (isSure || !(refusal instanceof DomainError)) throw refusal;
      isSure = true;
    }
  }
  throw new UnavailableError('The users and the credentials change too often.');
}

async function readSnapshot(
  table: Table,
  { customerId, rpRef }: RpServer,
  users: readonly ImportedUser[],
  rest: Pick<ImportSnapshot, 'authenticatorNames' | 'uniqueUserNames'>,
): Promise<ImportSnapshot> {
  const userIds = users.map(({ given }) => given.userId);
  const credentialIds = users.flatMap(({ credentials }) => credentials.map(({ given }) => given.id));
  const [present, contents, taken, customer] = await Promise.all([
    readUsers(table, rpRef, userIds, 'strong'),
    Promise.all(
      users.map(({ given: { userHandle } }) =>
        readSettledContent(table, rpRef, { userHandle: userHandle ?? undefined, hasHandleItem: true }),
      ),
    ),
    credentialIds.length === 0 ? [] : readTakenCredentialIds(table, rpRef, credentialIds, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  return {
    ...rest,
    users: users.map((imported, index) => ({
      imported,
      user: present[index],
      content: contents[index] ?? { handle: undefined, credentials: [] },
    })),
    customer,
    taken: new Map(credentialIds.map((id, index) => [id, taken[index]])),
  };
}

/** Returns the names of the authenticators that have made the credentials, by AAGUID. */
async function readAuthenticatorNames(table: Table, users: readonly ImportedUser[]) {
  const aaguids = users.flatMap(({ credentials }) => credentials.flatMap(({ given }) => given.aaguid ?? []));
  if (aaguids.length === 0) return new Map<string, string | null>();
  // Only an import with AAGUIDs loads the list of names.
  const { authenticatorName } = await import('../attestation/authenticator-name.ts');
  const named = [...new Set(aaguids)].map(
    async (aaguid) => [aaguid, authenticatorName(aaguid, await readMetadata(table, aaguid))] as const,
  );
  return new Map(await Promise.all(named));
}
