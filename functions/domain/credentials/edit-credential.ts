import type { CredentialEditBody, CredentialView } from '../../contract/credentials.ts';
import { transact } from '../../table/engine/transaction.ts';
import { editCredential as edition, editCredentialInfo, type WholeCredential } from '../../table/users/credentials.ts';
import { countCredentials, readUserHandle } from '../../table/users/user-handles.ts';
import type { UserManager } from '../callers.ts';
import { lostRights, noSuchCredential, staleVersion } from '../refusals.ts';
import type { Services } from '../services.ts';
import { changeBy, checkManager } from '../users/user-manager.ts';
import { credentialNameOf, type NameTemplate } from './credential-name.ts';
import { credentialView } from './credential-view.ts';
import { findCredential, type RequestedCredential } from './find-credential.ts';

/** The changes to a credential. Fields that are left out stay as they are. */
export type CredentialEdit = Omit<CredentialEditBody, 'name'> & { readonly name?: NameTemplate | undefined };

/**
 * Renames a credential, changes its attributes, disables or enables it, or records that its user was verified. Returns
 * the credential. An edit that changes nothing leaves the version as it is. If `version` is given, the credential must
 * have this version. Throws the errors of `findCredential`, `VersionConflictError` when the credential has another
 * version, and `UnauthenticatedError` when the caller has lost their rights.
 *
 * One transaction writes both parts of the credential, and the number of enabled credentials if the credential is
 * disabled or enabled. A sign-in changes neither the version nor the attributes that an edit writes, so sign-ins and
 * edits do not fail because of each other. The write that accepts a sign-in fails as soon as the credential is
 * disabled:
 *
 *     a sign-in reads the credential: enabled     E disables the credential
 *     the write that accepts the sign-in fails: the credential is disabled
 *
 * After a failed transaction, the function reads everything again. Each repetition needs another request that has
 * succeeded. If the process dies, the edit is either done as a whole or not at all.
 */
export async function editCredential(
  { table, clock, log }: Services,
  manager: UserManager,
  requested: RequestedCredential,
  body: CredentialEdit,
  version?: number,
): Promise<CredentialView> {
  const { rpRef } = manager;
  for (;;) {
    const { name, credential } = await findCredential(table, rpRef, requested);
    if (version !== undefined && credential.version !== version) throw staleVersion('credential');
    const edited = editedCredential(credential, body);
    const fields = FIELDS.filter((field) => edited[field] !== credential[field]);
    if (fields.length === 0) return credentialView(credential);
    const isDisabledOrEnabled = fields.includes('disabled');
    const handle = isDisabledOrEnabled ? await readUserHandle(table, rpRef, name.userHandle, 'strong') : undefined;
    if (isDisabledOrEnabled && !handle) throw noSuchCredential();
    const change = changeBy(manager, { log }, 'credential', {
      kind: 'credential-edited',
      subject: { id: requested.userId, name: credential.name },
      before: { rpRef },
      after: { rpRef, changed: fields, ...(isDisabledOrEnabled && { disabled: edited.disabled ?? false }) },
    });
    const failures = await transact(table, {
      audit: change.write,
      credential: edition(name, credential, {
        disabled: edited.disabled ?? false,
        userVerified: edited.userVerified ? true : undefined,
        updatedAt: laterThan(credential, clock.now()),
      }),
      info: fields.includes('name') || fields.includes('attributes') ? editCredentialInfo(name, edited) : undefined,
      handle:
        handle && countCredentials(rpRef, name.userHandle, handle, { removed: 0, enabled: edited.disabled ? -1 : 1 }),
      caller: checkManager(manager),
    });
    if (!failures) {
      change.log();
      return credentialView({ ...edited, version: credential.version + 1 });
    }
    if (failures.caller) throw lostRights();
  }
}

/** Returns the time of an edit at `now`, which is later than that of any earlier edit. */
const laterThan = ({ updatedAt, createdAt }: WholeCredential, now: number): number =>
  Math.max(now, (updatedAt ?? createdAt) + 1);

/** The fields that an edit may change. */
const FIELDS = ['name', 'attributes', 'disabled', 'userVerified'] as const;

/** Returns a credential with the values of an edit. */
function editedCredential(credential: WholeCredential, body: CredentialEdit): WholeCredential {
  const { name, attributes, disabled, userVerified } = body;
  return {
    ...credential,
    ...(name !== undefined && { name: credentialNameOf(name, credential.authenticator?.name ?? null) }),
    ...(attributes !== undefined && { attributes: attributes && JSON.stringify(attributes) }),
    ...(disabled !== undefined && { disabled: disabled || undefined }),
    ...(userVerified !== undefined && { userVerified }),
  };
}
