import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import {
  authenticateUserContract,
  registerCredentialContract,
  requestAuthenticationOptionsContract,
  requestRegistrationOptionsContract,
} from '../../../functions/contract/ceremonies.ts';
import type { TestRp } from '../../support/fido2/ceremonies.ts';

/**
 * The page calls the browser's own functions. The JSON of the service passes through it unchanged. The input field is
 * for autofill.
 */
const PAGE = `<!doctype html>
<html lang="en">
  <title>Example Shop</title>
  <link rel="icon" href="data:," />
  <input aria-label="User name" autocomplete="username webauthn" />
  <script>
    async function create(options) {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      const credential = await navigator.credentials.create({ publicKey });
      return credential.toJSON();
    }
    async function get(options, mediation) {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const credential = await navigator.credentials.get({ publicKey, mediation });
      return credential.toJSON();
    }
  </script>
</html>`;

/** Serves the page of an RP on a free port of localhost. Every path of the server is the page. */
export async function serveRpPage(): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Calls a function of a page with values that JSON can represent. Throws if the function throws. */
export const call = (page: Page | Frame, name: string, ...values: readonly unknown[]): Promise<unknown> =>
  page.evaluate(
    `${name}(${values.map((value) => (value === undefined ? 'undefined' : JSON.stringify(value))).join(', ')})`,
  );

/** An RP whose server holds the API key, and whose page runs the ceremonies in a browser. */
export function rpInBrowser(rp: TestRp, page: Page | Frame) {
  type RegistrationBody = Parameters<TestRp['beginRegistration']>[0];
  type AuthenticationBody = NonNullable<Parameters<TestRp['beginAuthentication']>[0]>;
  const requestCreation = async (body: RegistrationBody) =>
    (await rp.beginRegistration(body)).read(requestRegistrationOptionsContract.answer.body);
  const requestSignIn = async (body: AuthenticationBody = {}) =>
    (await rp.beginAuthentication(body)).read(requestAuthenticationOptionsContract.answer.body);
  const server = {
    requestCreation,
    requestSignIn,
    /** Registers a credential, and returns the answer of the service. Throws if the browser refuses the options. */
    async register(body: RegistrationBody) {
      const { ceremony, options } = await requestCreation(body);
      const response = await call(page, 'create', options);
      return rp.end('registrations', { ceremony, response, context: body.context });
    },
    /** Authenticates a user, and returns the answer of the service. Throws if the browser refuses the options. */
    async authenticate(body: AuthenticationBody = {}) {
      const { ceremony, options, mediation } = await requestSignIn(body);
      const response = await call(page, 'get', options, mediation);
      return rp.end('authentications', { ceremony, response, context: body.context, signals: true });
    },
    /** Does the same, and throws unless the service accepts the response. */
    registered: async (body: RegistrationBody) =>
      (await server.register(body)).read(registerCredentialContract.answer.body),
    signedIn: async (body: AuthenticationBody = {}) =>
      (await server.authenticate(body)).read(authenticateUserContract.answer.body),
  };
  return server;
}
