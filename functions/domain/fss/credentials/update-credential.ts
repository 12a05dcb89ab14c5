import { updateCredentialBody } from '../../../contract/fss/credentials.ts';
import { editCredential } from '../../credentials/edit-credential.ts';
import { checkUpdated } from '../check-updated.ts';
import { findFssCredential, WITH_DISABLED } from './find-fss-credential.ts';
import type { FssCall } from '../fss-call.ts';
import { parseBody } from '../parse-body.ts';
import { withUser } from './with-user.ts';

/**
 * Changes the name or the attributes of a credential, or disables or enables it. Fields that the call leaves out stay
 * as they are; null removes the attributes. The name is taken as it is: a client that sends back a name that it has
 * read must not change it, whatever `$` it contains.
 */
export const updateCredential: FssCall = async (services, request) => {
  const { credential: asked, options } = parseBody(updateCredentialBody, request.body, {
    'credential.credentialId': 'REQUIRE_CREDENTIAL_ID',
  });
  const { user, credential } = await findFssCredential(services, request, asked, WITH_DISABLED);
  const { credentialId, version, updatedAt, createdAt } = credential;
  const isChecked = checkUpdated(options, asked.updated, updatedAt ?? createdAt);
  const { credentialName } = asked;
  const named = { userId: user.userId, credentialId };
  await editCredential(
    services,
    request.caller,
    named,
    {
      name: credentialName == null ? undefined : () => credentialName,
      attributes: asked.credentialAttributes,
      disabled: asked.disabled ?? undefined,
    },
    isChecked ? version : undefined,
  );
  const edited = await findFssCredential(services, request, { ...asked }, WITH_DISABLED);
  return { data: await withUser(services, request, user.userId, edited.credential) };
};
