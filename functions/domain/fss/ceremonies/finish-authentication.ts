import { finishAuthenticationBody } from '../../../contract/fss/ceremonies.ts';
import { authenticationResponse } from '../../../contract/values/webauthn.ts';
import { readTakenCredentialId } from '../../../table/users/credentials.ts';
import { endAuthentication, readAllOf } from '../../fido2/authenticate-user.ts';
import { responseInvalid } from '../../fido2/ceremony-refusals.ts';
import { openAuthentication } from '../../fido2/sealing/authentication-content.ts';
import { userView } from '../../users/user-view.ts';
import { responseOf } from './authenticator-response.ts';
import { cookieValue } from './cookie-value.ts';
import { FssError, type FssCall } from '../fss-call.ts';
import { fssCredential } from '../credentials/fss-credential.ts';
import { fssUser } from '../users/fss-user.ts';
import { parseBody } from '../parse-body.ts';
import { allAcceptedCredentials, currentUserDetails } from '../signals.ts';

/** Ends an authentication: verifies the response, accepts it once, and counts the user as an active user. */
export const finishAuthentication: FssCall = async (services, request) => {
  const { caller, receivedAt } = request;
  const { table } = services;
  const { requestResponse } = parseBody(finishAuthenticationBody, request.body);
  const response = responseOf(authenticationResponse, requestResponse.attestationResponse);
  const ceremony = await openAuthentication(services, caller.rpRef, cookieValue(request));
  if (!ceremony.named && response.response.userHandle == null) {
    const reason = 'The response has no user handle, and the authentication began without a user ID.';
    const cause = responseInvalid('user-handle', reason);
    throw new FssError('AUTHENTICATION_FAILED', reason, 'REQUIRE_USER_ID_OR_USER_HANDLE', cause);
  }
  const { user, userHandle, credential } = await endAuthentication(
    services,
    caller,
    ceremony,
    { response },
    { idempotencyKey: undefined, receivedAt },
  );
  const [content, evidence] = await Promise.all([
    readAllOf(table, caller.rpRef, userHandle),
    readTakenCredentialId(table, caller.rpRef, credential.credentialId, 'eventual'),
  ]);
  const authenticated = fssUser(caller.rp.rpId, userView(user, content.handle));
  const ids = content.credentials.map(({ credentialId }) => credentialId);
  return {
    data: {
      user: authenticated,
      credential: fssCredential(authenticated, credential, evidence),
      signalAllAcceptedCredentialsOptions: allAcceptedCredentials(authenticated, ids),
      signalCurrentUserDetailsOptions: currentUserDetails(authenticated),
    },
    cookie: null,
  };
};
