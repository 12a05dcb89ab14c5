import * as z from 'zod';

/** The schemas of the options of the console's own WebAuthn ceremonies. */

const timeout = z.int().meta({ description: 'Milliseconds' });
const descriptor = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()),
});

/** The options of `navigator.credentials.create`. */
export const creationOptions = z
  .object({
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
    timeout,
    attestation: z.literal('none'),
    excludeCredentials: z.array(descriptor),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
  })
  .meta({ id: 'CreationOptions', description: '`PublicKeyCredentialCreationOptionsJSON` of WebAuthn' });
export type CreationOptions = z.input<typeof creationOptions>;

/**
 * The options of `navigator.credentials.get`. The options name no passkey, so the browser offers all of the user's
 * passkeys for the console, and the user chooses one.
 */
export const requestOptions = z
  .object({ rpId: z.string(), challenge: z.string(), timeout, userVerification: z.literal('required') })
  .meta({ id: 'RequestOptions', description: '`PublicKeyCredentialRequestOptionsJSON` of WebAuthn' });
export type RequestOptions = z.input<typeof requestOptions>;
