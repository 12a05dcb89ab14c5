import { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository, WebAuthnEmulator } from 'nid-webauthn-emulator';
import {
  requestAuthenticationOptionsContract,
  requestRegistrationOptionsContract,
} from '../../functions/contract/ceremonies.ts';
import type { DemoClient } from './demo-client.ts';

/** An RP whose users perform ceremonies, and the API key of its server. */
export interface CeremonyRp {
  readonly rpId: string;
  readonly apiKey: string;
  /** The device of each user who has a passkey, by user ID. */
  readonly devices: Map<string, WebAuthnEmulator>;
}

/** Models of authenticators, so that the credentials of the demo have different names. */
const MODELS = [
  { aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd', transports: ['internal', 'hybrid'] }, // iCloud Keychain
  { aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', transports: ['internal', 'hybrid'] }, // Google Password Manager
  { aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d', transports: ['internal'] }, // 1Password
] as const;

/**
 * Lets a registered user perform a ceremony: a registration if the user has no device yet, and otherwise an
 * authentication with the device. An emulated authenticator stands for the user's browser and device.
 */
export async function performCeremony(client: DemoClient, rp: CeremonyRp, userId: string): Promise<void> {
  const device = rp.devices.get(userId);
  if (device) return authenticate(client, rp, device);
  const model = MODELS[rp.devices.size % MODELS.length] ?? MODELS[0];
  rp.devices.set(userId, await register(client, rp, userId, model));
}

async function register(
  client: DemoClient,
  { rpId, apiKey }: CeremonyRp,
  userId: string,
  { aaguid, transports }: (typeof MODELS)[number],
): Promise<WebAuthnEmulator> {
  const device = new WebAuthnEmulator(
    new AuthenticatorEmulator({
      aaguid: new Uint8Array(Buffer.from(aaguid.replaceAll('-', ''), 'hex')),
      transports: [...transports],
      algorithmIdentifiers: ['ES256'],
      credentialsRepository: new PasskeysCredentialsMemoryRepository(),
    }),
  );
  const { ceremony, options } = await client.ask(
    requestRegistrationOptionsContract.answer.body,
    'POST /v1/rp/registrations/options',
    { as: apiKey, body: { userId } },
  );
  const response = device.createJSON(`https://${rpId}`, options);
  await client.send('POST /v1/rp/registrations', { as: apiKey, body: { ceremony, response } });
  return device;
}

/** Signs the user of a device in. The options name no user, because the device has only this user's passkey. */
async function authenticate(client: DemoClient, { rpId, apiKey }: CeremonyRp, device: WebAuthnEmulator) {
  const { ceremony, options } = await client.ask(
    requestAuthenticationOptionsContract.answer.body,
    'POST /v1/rp/authentications/options',
    { as: apiKey, body: {} },
  );
  const response = device.getJSON(`https://${rpId}`, options);
  await client.send('POST /v1/rp/authentications', { as: apiKey, body: { ceremony, response } });
}
