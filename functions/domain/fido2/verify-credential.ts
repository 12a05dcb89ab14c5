import type { Table } from '../../table/engine/client.ts';
import { readCredential, type CredentialName, type WholeCredential } from '../../table/users/credentials.ts';
import { findUse, type Use } from '../../table/users/used-challenges.ts';
import type { Authentication } from '../webauthn/authentication.ts';
import type { Verification } from '../webauthn/refusal.ts';
import { refusedBy } from './ceremony-refusals.ts';

/** A credential whose response was verified, or the earlier use of the ceremony that the same request has made. */
export type VerifiedCredential = { readonly credential: WholeCredential } & (
  | { readonly verified: Authentication; readonly earlier?: undefined }
  | { readonly verified?: undefined; readonly earlier: Use }
);

/**
 * Verifies a response with the public key of `found`, the credential as it was read. If the response is refused, reads
 * the credential again with strong consistency, unless `isSure`, and looks for two reasons why it must not be:
 *
 * - The same request was accepted before: its `attempt` stands in the credential. The response has not changed since
 *   then, but the settings of the RP may have, and another verification proves nothing.
 * - An eventually consistent read has returned the key of a credential that was removed, and another one with the same
 *   ID was registered since then.
 *
 * Throws `CeremonyRefusedError` when the response is refused all the same.
 */
export async function verifyCredential(
  table: Table,
  name: CredentialName,
  verify: (publicKey: Uint8Array) => Promise<Verification<Authentication>>,
  read: {
    readonly found: WholeCredential;
    readonly isSure: boolean;
    readonly challenge: string;
    readonly attempt: string;
  },
): Promise<VerifiedCredential> {
  const { found, isSure, challenge, attempt } = read;
  const { accepted, refusal } = await verify(found.publicKey);
  if (accepted) return { credential: found, verified: accepted };
  const credential = isSure ? found : await readCredential(table, name, 'strong');
  if (!credential) throw refusedBy(refusal);
  const earlier = findUse(credential, challenge);
  if (earlier?.attempt === attempt) return { credential, earlier };
  if (Buffer.from(credential.publicKey).equals(Buffer.from(found.publicKey))) throw refusedBy(refusal);
  const again = await verify(credential.publicKey);
  if (again.refusal) throw refusedBy(again.refusal);
  return { credential, verified: again.accepted };
}
