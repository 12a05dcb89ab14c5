import { randomBytes } from 'node:crypto';

// An SDK with the FSS format needs the same values, and the endpoint __BASE_URL__/api.
async function call(name, body, cookie = '') {
  const response = await fetch(`__BASE_URL__/api/${name}`, {
    method: 'POST',
    headers: {
      'X-Fss-Rp-Id': '__RP_ID__',
      'X-Fss-Api-Auth-Id': '__API_AUTH_ID__',
      'X-Fss-Auth-Access-Key': '__SECRET_KEY__',
      cookie,
    },
    body: JSON.stringify(body),
  });
  const { appStatus, message, data } = await response.json();
  if (appStatus !== 'OK') throw new Error(`${appStatus}: ${message}`);
  return { data, ceremony: response.headers.getSetCookie()[0]?.split(';')[0] };
}

// Keep `ceremony`, a cookie, in the session of your server, and pass the options to the page.
export async function beginSignUp(userName) {
  const { data, ceremony } = await call('registerCredential/start', {
    creationOptionsBase: { authenticatorSelection: { residentKey: 'required', userVerification: 'required' } },
    user: { userId: randomBytes(32).toString('base64url'), userName },
    options: { createUserIfNotExists: true },
  });
  return { ceremony, options: data.creationOptions };
}
export async function endSignUp(ceremony, response) {
  const body = { createResponse: { attestationResponse: response } };
  return (await call('registerCredential/finish', body, ceremony)).data.user.userId;
}

export async function beginSignIn() {
  const requestOptionsBase = { userVerification: 'required' };
  const { data, ceremony } = await call('authenticate/start', { requestOptionsBase });
  return { ceremony, options: data.requestOptions };
}
export async function endSignIn(ceremony, response) {
  const body = { requestResponse: { attestationResponse: response } };
  return (await call('authenticate/finish', body, ceremony)).data.user.userId;
}
