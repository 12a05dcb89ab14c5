import { getCredentialBody } from '../../../contract/fss/credentials.ts';
import { findFssCredential } from './find-fss-credential.ts';
import type { FssCall } from '../fss-call.ts';
import { parseBody } from '../parse-body.ts';
import { withUser } from './with-user.ts';

/** Returns a credential and its user. Both must be enabled unless the call asks for disabled ones. */
export const getCredential: FssCall = async (services, request) => {
  const asked = parseBody(getCredentialBody, request.body, { credentialId: 'REQUIRE_CREDENTIAL_ID' });
  const { user, credential } = await findFssCredential(services, request, asked, asked);
  return { data: await withUser(services, request, user.userId, credential) };
};
