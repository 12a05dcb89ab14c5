import { endRegistrationBody } from '../../../contract/fss/ceremonies.ts';
import { registrationResponse } from '../../../contract/values/webauthn.ts';
import { endRegistration } from '../../fido2/register-credential.ts';
import { userView } from '../../users/user-view.ts';
import { responseOf } from './authenticator-response.ts';
import { fssNameTemplate } from '../credentials/credential-name.ts';
import type { FssAnswer, FssCall, FssRequest, FssServices } from '../fss-call.ts';
import { fssCredential } from '../credentials/fss-credential.ts';
import { fssUser } from '../users/fss-user.ts';
import { parseBody } from '../parse-body.ts';
import { openNoted } from './registration-note.ts';

/** Verifies the response of a registration, and stores nothing. The cookie stays, so that the registration can end. */
export const verifyRegistration: FssCall = async (services, request) => ({
  data: await end(services, request, true),
});

/** Ends a registration: verifies the response, stores the credential, and counts the user as an active user. */
export const finishRegistration: FssCall = async (services, request) => ({
  data: await end(services, request, false),
  cookie: null,
});

/**
 * Verifies the response of a registration, and stores the credential unless `dryRun`. The service keeps the response,
 * as the views of this format show it. If the process dies after the credential was stored, the credential stays, and
 * the item of the note stays until its TTL.
 */
async function end(services: FssServices, request: FssRequest, dryRun: boolean): Promise<FssAnswer['data']> {
  const { caller, receivedAt } = request;
  const { createResponse, options } = parseBody(endRegistrationBody, request.body);
  const { attestationResponse, transports } = createResponse;
  const response = responseOf(registrationResponse, attestationResponse, transports);
  const { sealed, content: ceremony, note, forget } = await openNoted(services, request);
  const { user, credential, content } = await endRegistration(
    services,
    caller,
    {
      ceremony: sealed,
      response,
      user: ceremony.newUser && { attributes: note.userAttributes as Attributes },
      credential: {
        name: fssNameTemplate(options?.credentialName ?? note.credentialName),
        attributes: note.credentialAttributes,
      },
      dryRun,
      keepsResponse: true,
    },
    { idempotencyKey: undefined, receivedAt },
  );
  if (!dryRun) {
    // The registration has ended, so the caller must get its answer. The TTL removes an item that stays.
    await forget().catch((error: unknown) => {
      services.log.warn('the note of a registration was not deleted', { error });
    });
  }
  const registered = fssUser(caller.rp.rpId, userView(user, content.handle));
  return { user: registered, credential: fssCredential(registered, credential, response.response) };
}

type Attributes = NonNullable<Parameters<typeof endRegistration>[2]['user']>['attributes'];
