import { randomUUID } from 'node:crypto';
import { createFido2Client } from 'fido2-server-service-sdk';

const fido2 = createFido2Client({ baseUrl: '__BASE_URL__', rpId: '__RP_ID__', apiKey: '__API_KEY__' });

// Keep `ceremony` in the session of your server, and pass `options` to the page.
export const beginSignUp = (userName) =>
  fido2.requestRegistrationOptions({
    userId: randomUUID(),
    createUser: true,
    user: { userName },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
export const endSignUp = async (ceremony, response) =>
  (await fido2.registerCredential({ ceremony, response })).user.userId;

// Needs no call to the service.
export const beginSignIn = () => fido2.beginAuthentication({ userVerification: 'required' });
export const endSignIn = async (ceremony, response) =>
  (await fido2.authenticateUser({ ceremony, response })).user.userId;
