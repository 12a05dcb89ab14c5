import * as z from 'zod';
import { fault } from '../errors/field-errors.ts';
import { bytes, credentialId } from './bytes.ts';
import { knownTransports, TRANSPORTS } from './transports.ts';

/**
 * The schemas of the responses of authenticators. Each schema contains only the members that the service uses. The
 * service ignores the other members that browsers and passkey managers add, such as the results of extensions.
 */

/**
 * A JSON text of about 200 bytes that contains the type of the ceremony, the challenge and the origin: at most 4 KB.
 */
const clientDataJSON = bytes(5_462);

/** The authenticator data and an attestation statement, which may contain certificates: at most 32 KB. */
const attestationObject = bytes(43_691);

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
