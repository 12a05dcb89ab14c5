import { randomBytes } from 'node:crypto';
import type { FssCredentialName } from '../../../contract/fss/ceremonies.ts';
import {
  deletePendingRegistration,
  putPendingRegistration,
  readPendingRegistration,
} from '../../../table/users/pending-registrations.ts';
import { openRegistration, type RegistrationContent } from '../../fido2/sealing/registration-content.ts';
import { toTtl } from '../../time.ts';
import type { FssRequest, FssServices } from '../fss-call.ts';
import { sessionInvalid } from '../fss-errors.ts';
import { cookieValue } from './cookie-value.ts';

/**
 * The values that the FSS format sends at the beginning of a registration, and the service needs at its end. The sealed
 * ceremony contains them, because only the cookie leads from the one call to the other. If they are large, an item of
 * the table contains them, and the ceremony contains only the ID of this item. So the cookie stays below the 4,096
 * bytes that browsers allow.
 */
export interface RegistrationNote {
  readonly credentialName?: FssCredentialName | null | undefined;
  readonly credentialAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  /** The attributes of the user whom the ceremony creates. */
  readonly userAttributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The content of the ceremony's own note: what was said, or the ID of the item that has it. */
type SealedNote = { readonly here: RegistrationNote } | { readonly pending: string };

/** The largest note that a ceremony contains, in bytes of JSON. */
const MAX_SEALED = 1_024;

/**
 * Returns the note to seal into a ceremony, and a function that stores the item if the note needs one. `end` is when
 * the ceremony ends, in epoch milliseconds.
 */
export function sealableNote(
  { table }: FssServices,
  { caller }: FssRequest,
  note: RegistrationNote,
): { note: SealedNote; store: (end: number) => Promise<void> } {
  const json = JSON.stringify(note);
  if (Buffer.byteLength(json) <= MAX_SEALED) return { note: { here: note }, store: () => Promise.resolve() };
  const pending = randomBytes(15).toString('base64url');
  return {
    note: { pending },
    store: (end) => putPendingRegistration(table, caller.rpRef, pending, { note: json, ttl: toTtl(end) }),
  };
}

/** A registration that is about to end. */
export interface NotedRegistration {
  /** The sealed ceremony. */
  readonly sealed: string;
  readonly content: RegistrationContent;
  readonly note: RegistrationNote;
  /** Deletes the item of the note, if there is one. If the process dies before, the item stays until its TTL. */
  readonly forget: () => Promise<void>;
}

/**
 * Opens the ceremony in the cookie, and finds what the beginning has said. Throws `FssError` with `INVALID_SESSION`
 * when there is no cookie or its item is gone, because the registration has ended, and `CeremonyRefusedError` when the
 * service did not seal the ceremony.
 */
export async function openNoted(services: FssServices, request: FssRequest): Promise<NotedRegistration> {
  const { table } = services;
  const { rpRef } = request.caller;
  const sealed = cookieValue(request);
  const content = await openRegistration(services, rpRef, sealed);
  // A native route may have begun the ceremony.
  const { note = { here: {} } } = content as { readonly note?: SealedNote };
  if ('here' in note) return { sealed, content, note: note.here, forget: () => Promise.resolve() };
  const { pending } = note;
  const item = await readPendingRegistration(table, rpRef, pending);
  if (!item) throw sessionInvalid();
  return {
    sealed,
    content,
    note: JSON.parse(item.note) as RegistrationNote,
    forget: () => deletePendingRegistration(table, rpRef, pending),
  };
}
