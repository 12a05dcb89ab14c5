import * as z from 'zod';
import { fault, malformed } from '../errors/field-errors.ts';

/**
 * The schemas of WebAuthn's JSON objects. Each schema contains only the members that the service uses. The service
 * ignores the other members that browsers and passkey managers add, such as the results of extensions.
 */

/** Returns whether a base64url text is the one that an encoder writes: the bits after the last byte are zero. */
const isCanonical = (text: string) => Buffer.from(text, 'base64url').toString('base64url') === text;

/** Returns the schema of a base64url text that encodes bytes and has at most `max` characters. */
export const bytes = (max: number) =>
  z
    .base64url({ ...malformed('not-base64url'), abort: true })
    .min(1)
    .max(max, { abort: true })
    .refine(isCanonical, fault('not-base64url'))
    .meta({ description: 'Bytes as base64url, without padding' });

/** A credential ID: "a probabilistically-unique byte sequence" of at most 1,023 bytes (WebAuthn, 4). */
export const credentialId = bytes(1_364);
/**
 * A JSON text of about 200 bytes that contains the type of the ceremony, the challenge and the origin: at most 4 KB.
 */
const clientDataJSON = bytes(5_462);

/** The authenticator data and an attestation statement, which may contain certificates: at most 32 KB. */
const attestationObject = bytes(43_691);

/** The transports that WebAuthn (5.8.4) names. */
const TRANSPORTS: readonly unknown[] = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
/**
 * Returns the known transports in a value, each once. Browsers use transports only as hints. So a value that some
 * browser or password manager made up is no reason to refuse a passkey, and the service ignores the value.
 */
const knownTransports = (value: unknown): string[] =>
  Array.isArray(value) ? [...new Set(value)].filter((one): one is string => TRANSPORTS.includes(one)) : [];

/** Returns a value if it is one of `known`, and undefined otherwise. */
const oneOf =
  <const T>(...known: readonly T[]) =>
  (value: unknown): T | undefined =>
    known.find((one) => one === value);

/** The results of client extensions that the service reads. */
export interface ExtensionResults {
  /** `rk` says whether the authenticator can offer the credential without being told its ID. */
  readonly credProps?: { readonly rk?: boolean | undefined };
  /** Whether the ceremony used an AppID of U2F. */
  readonly appid?: boolean;
  readonly appidExclude?: boolean;
}

/**
 * Returns the results of the extensions that the service reads. Other results are dropped here, because some of them
 * are secrets: the extension `prf` returns keys.
 */
function readExtensionResults(results: unknown): ExtensionResults {
  const { credProps, appid, appidExclude } = membersOf(results);
  return {
    credProps: { rk: oneOf(true, false)(membersOf(credProps)['rk']) },
    appid: isUsed(appid),
    appidExclude: isUsed(appidExclude),
  };
}
/** Any result but false says that the extension was used. The value itself may be deep, so it is dropped. */
const isUsed = (result: unknown): boolean => (result ?? false) !== false;
const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const credential = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z
    .unknown()
    .transform(oneOf('platform', 'cross-platform'))
    .optional()
    .meta({
      override: {
        type: ['string', 'null'],
        description: 'Whether the authenticator is part of the device: `platform` or `cross-platform`',
      },
    }),
  clientExtensionResults: z
    .unknown()
    .transform(readExtensionResults)
    .optional()
    .meta({
      override: {
        description:
          'The service reads `credProps.rk`, refuses `appid` and `appidExclude`, and drops all other results',
      },
    }),
};
const hasOneId = ({ id, rawId }: { id: string; rawId: string }) => id === rawId;
const MUST_BE_ID = { path: ['rawId'], error: fault('not-the-same-id') };

/** The result of `navigator.credentials.create`. */
export const registrationResponse = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON,
      attestationObject,
      transports: z
        .unknown()
        .transform(knownTransports)
        .optional()
        .meta({
          override: {
            type: 'array',
            items: { type: 'string' },
            description: `How browsers reach the authenticator. The service stores only ${TRANSPORTS.join(', ')}, and ignores every other value`,
          },
        }),
    }),
  })
  .refine(hasOneId, MUST_BE_ID)
  .meta({
    id: 'RegistrationResponse',
    description: '`RegistrationResponseJSON` of WebAuthn; other members are ignored',
  });
export type RegistrationResponse = z.output<typeof registrationResponse>;

/** The result of `navigator.credentials.get`. */
export const authenticationResponse = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON,
      authenticatorData: bytes(4_096),
      signature: bytes(2_048),
      userHandle: bytes(86).nullish().meta({
        description:
          'The user handle of the owner of the passkey. Required at a sign-in to the console, and at an authentication that began without `userId`',
      }),
    }),
  })
  .refine(hasOneId, MUST_BE_ID)
  .meta({
    id: 'AuthenticationResponse',
    description: '`AuthenticationResponseJSON` of WebAuthn; other members are ignored',
  });
export type AuthenticationResponse = z.output<typeof authenticationResponse>;

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
