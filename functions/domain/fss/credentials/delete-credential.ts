import { deleteCredentialBody } from '../../../contract/fss/credentials.ts';
import { readTakenCredentialId } from '../../../table/users/credentials.ts';
import { removeCredential } from '../../credentials/remove-credential.ts';
import { findFssCredential, WITH_DISABLED } from './find-fss-credential.ts';
import type { FssCall } from '../fss-call.ts';
import { parseBody } from '../parse-body.ts';
import { withUser } from './with-user.ts';

/** Removes a credential. Returns it as it was just before, and its user as the user is now. */
export const deleteCredential: FssCall = async (services, request) => {
  const { caller, body } = request;
  const asked = parseBody(deleteCredentialBody, body, { credentialId: 'REQUIRE_CREDENTIAL_ID' });
  const { user, credential } = await findFssCredential(services, request, asked, WITH_DISABLED);
  const { credentialId } = credential;
  // The removal leaves nothing of the response at the registration, so this read comes first.
  const evidence = await readTakenCredentialId(services.table, caller.rpRef, credentialId, 'strong');
  await removeCredential(services, caller, { userId: user.userId, credentialId });
  return {
    data: {
      ...(await withUser(services, request, user.userId, credential, evidence ?? {})),
      signalUnknownCredentialOptions: { rpId: caller.rp.rpId, credentialId },
    },
  };
};
