import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AuthenticationOptions, RegistrationOptions } from 'fido2-server-service-sdk';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** The functions of the server in the SDK's guide. */
interface Server {
  beginSignUp(session: object, userName: string): Promise<RegistrationOptions>;
  endSignUp(session: object, response: object): Promise<void>;
  beginSignIn(session: object, how?: { autofill?: boolean }): AuthenticationOptions;
  endSignIn(session: object, response: object): Promise<{ signedIn: boolean; signals?: unknown }>;
}

let service: TestService;
let rp: TestRp;
let server: Server;
// Inside the repository, so that the code finds the SDK.
const folder = mkdtempSync(join(import.meta.dirname, 'printed-'));
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
  const blocks = [...readFileSync('sdk/README.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, code = '']) => code,
  );
  const file = join(folder, 'server.mjs');
  writeFileSync(file, blocks.filter((code) => /^(import|export) /.test(code)).join('\n'));
  vi.stubEnv('FIDO2_API_KEY', rp.apiKey);
  vi.stubEnv('FIDO2_URL', service.url);
  vi.stubEnv('FIDO2_RP_ID', rp.rpId);
  server = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Server;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await service.stop();
});

it('the code in the guide signs a user up and in, with several ceremonies of a session at once', async () => {
  const session: { userId?: string } = {};
  const { passkey, response } = createPasskey(rp.origin, await server.beginSignUp(session, 'carol@example.com'));
  await server.endSignUp(session, response);
  const { userId } = session;
  expect(userId).toMatch(/^[\w-]{36}$/);

  const visitor: { userId?: string } = {};
  const autofill = server.beginSignIn(visitor, { autofill: true });
  const button = server.beginSignIn(visitor);
  for (const options of [button, autofill]) {
    expect(await server.endSignIn(visitor, usePasskey(rp.origin, passkey, options))).toEqual({ signedIn: true });
    expect(visitor.userId).toBe(userId);
  }
});

it('the code in the guide accepts no ceremony that another session has begun', async () => {
  const { passkey, response } = createPasskey(rp.origin, await server.beginSignUp({}, 'dave@example.com'));
  await expect(server.endSignUp({}, response)).rejects.toThrow('The session has no such ceremony.');

  const answer = usePasskey(rp.origin, passkey, server.beginSignIn({}));
  await expect(server.endSignIn({}, answer)).rejects.toThrow('The session has no such ceremony.');
});

it('the code in the guide returns the signals for a passkey that the service does not know', async () => {
  const session: { userId?: string } = {};
  const { passkey, response } = createPasskey(rp.origin, await server.beginSignUp(session, 'erin@example.com'));
  await server.endSignUp(session, response);
  await service.send(`DELETE /v1/rp/users/${session.userId}`, { as: rp.apiKey });

  const answer = usePasskey(rp.origin, passkey, server.beginSignIn(session));
  expect(await server.endSignIn(session, answer)).toEqual({
    signedIn: false,
    signals: { unknownCredential: { rpId: rp.rpId, credentialId: response.id } },
  });
});
