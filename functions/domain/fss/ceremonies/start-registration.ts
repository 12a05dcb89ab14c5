import { startRegistrationBody, type StartedRegistration } from '../../../contract/fss/ceremonies.ts';
import type { RegistrationRequest } from '../../../contract/ceremonies.ts';
import { requestRegistrationOptions } from '../../fido2/request-registration-options.ts';
import type { User } from '../../../table/users/users.ts';
import { editUser } from '../../users/edit-user.ts';
import { findUserByHandle } from '../../users/find-user-by-handle.ts';
import { getUser } from '../../users/get-user.ts';
import type { FssCall } from '../fss-call.ts';
import { userNotFound } from '../fss-errors.ts';
import { fssUser } from '../users/fss-user.ts';
import { commonRequest } from './options-base.ts';
import { parameterError, parseBody } from '../parse-body.ts';
import { sealableNote } from './registration-note.ts';

/**
 * Begins a registration. With `createUserIfNotExists`, the user may be new: the end of the ceremony then creates the
 * user. With `updateUserIfExists`, changes a user who exists.
 *
 * If the process dies after the user was changed, the user stays changed, and nobody has the ceremony.
 */
export const startRegistration: FssCall = async (services, request) => {
  const { caller } = request;
  const { creationOptionsBase, user: asked, options } = parseBody(startRegistrationBody, request.body);
  const found = await findUserByHandle(services.table, caller.rpRef, asked.userId, 'strong');
  if (!found && !options?.createUserIfNotExists) throw userNotFound();
  if (!found && asked.disabled) throw parameterError('user.disabled: A disabled user cannot register a credential.');
  const isUpdated = found !== undefined && options?.updateUserIfExists === true;
  if ((!found || isUpdated) && asked.userName == null) {
    throw parameterError('user.userName: Must be present for a user who is created or updated.', 'REQUIRE_USER_NAME');
  }

  const base = creationOptionsBase ?? {};
  const { note, store } = sealableNote(services, request, {
    credentialName: options?.credentialName,
    credentialAttributes: options?.credentialAttributes,
    ...(!found && { userAttributes: asked.userAttributes }),
  });
  const native = nativeRequest(base, asked, found);
  const { ceremony, options: created, expiresAt } = await requestRegistrationOptions(services, caller, native, note);
  const existing =
    found &&
    (isUpdated
      ? await editUser(services, caller, found.userId, changesIn(asked))
      : await getUser(services, caller, found.userId));
  await store(Date.parse(expiresAt));
  const user = existing ? fssUser(caller.rp.rpId, existing) : userToCreate(caller.rp.rpId, asked);
  return {
    data: {
      creationOptions: {
        ...created,
        user: { ...created.user, name: user.userName, displayName: user.displayName ?? '' },
        extensions: { ...base.extensions, ...created.extensions },
      },
      user,
    },
    cookie: ceremony,
  };
};

/** Returns the changes to a user who exists. Fields that the call leaves out stay as they are. */
const changesIn = ({ userName, displayName, userAttributes }: StartedRegistration['user']) => ({
  userName: userName ?? undefined,
  displayName,
  attributes: userAttributes,
});

/** Returns the request for the options that the native route would get. */
function nativeRequest(
  base: NonNullable<StartedRegistration['creationOptionsBase']>,
  { userId, userName, displayName }: StartedRegistration['user'],
  found: User | undefined,
): RegistrationRequest {
  const { authenticatorAttachment, residentKey, requireResidentKey, userVerification } =
    base.authenticatorSelection ?? {};
  return {
    userId: found?.userId ?? userId,
    createUser: !found,
    ...(!found && { user: { userHandle: userId, userName: userName ?? undefined, displayName } }),
    authenticatorSelection: {
      authenticatorAttachment: authenticatorAttachment ?? undefined,
      residentKey: residentKey ?? (requireResidentKey ? 'required' : undefined),
      userVerification: userVerification ?? undefined,
    },
    attestation: base.attestation ?? undefined,
    ...commonRequest(base),
  };
}

/** Returns the user whom the end of the ceremony creates, who has no times yet. */
const userToCreate = (
  rpId: string,
  { userId, userName, displayName, userAttributes }: StartedRegistration['user'],
) => ({
  rpId,
  userId,
  userName: userName ?? '',
  displayName: displayName ?? null,
  userAttributes: userAttributes ?? null,
  disabled: false,
  enabledCredentialCount: 0,
  credentialCount: 0,
});
