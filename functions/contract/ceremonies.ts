import * as z from 'zod';
import type { Contract } from './contract.ts';
import { credential, credentialName } from './credentials.ts';
import { displayName, user, userName } from './users.ts';
import { bytes } from './values/bytes.ts';
import { attributes, month, time, userId } from './values/values.ts';
import { authenticationResponse, registrationResponse } from './values/webauthn.ts';

/** The routes of the WebAuthn ceremonies of RPs' users. */

const requirement = z.enum(['required', 'preferred', 'discouraged']);
const timeoutSeconds = z.int().min(30).max(600).meta({
  description: "How long the browser may take, in seconds. Default: the RP's setting",
});
const mediation = z.literal('conditional').meta({ description: 'The `mediation` for the browser' });
const conditionalSignIn = z.literal('conditional').meta({
  description:
    'For the browser’s autofill. The ceremony then lasts 24 hours, and its options have no `timeout`, because browsers wait without end',
});
const conditionalCreation = z.literal('conditional').meta({
  description:
    'For a passkey that the browser creates without asking the user. The credential then has `userVerified: false`. Not with `createUser: true`',
});
const context = z.string().min(1).max(200).meta({
  description:
    'Binds the ceremony to something of the RP, such as the ID of its session or of a transaction. The same text must be sent at the end',
});
const hints = z
  .array(z.enum(['security-key', 'client-device', 'hybrid']))
  .max(3)
  .meta({ description: 'The `hints` of WebAuthn' });
const ceremony = bytes(2_048).meta({
  description: 'The `ceremony` that came with the options, from your server’s session with the browser',
});
const signals = z.boolean().meta({
  description:
    'Whether `signals` in the response lists all credentials of the user, for `PublicKeyCredential.signalAllAcceptedCredentials`',
});
const asksForToken = z.boolean().optional().meta({ description: 'Whether the response has a `token`' });
const token = z.string().optional().meta({
  description:
    'A JWT for another service, which verifies it with the keys of `/v1/rps/{id}/jwks.json`. Ends 60 seconds after the ceremony. Only with `token: true`',
});
/** The user handle of WebAuthn (`user.id`): 1 to 64 bytes. */
const userHandle = bytes(86).meta({
  description:
    'The `user.id` of WebAuthn, as base64url: 1 to 64 bytes without personal data, unique within the RP. Default: 32 random bytes',
});

const descriptor = z.object({
  type: z.literal('public-key'),
  id: z.string(),
  transports: z.array(z.string()).optional().meta({ description: 'Absent with `concealUnknownUser`' }),
});

/** `PublicKeyCredentialCreationOptionsJSON` of WebAuthn. */
const creationOptions = z
  .object({
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
    timeout: z.int().meta({ description: 'Milliseconds' }),
    excludeCredentials: z.array(descriptor),
    authenticatorSelection: z.object({
      authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
      residentKey: requirement,
      requireResidentKey: z.boolean(),
      userVerification: requirement,
    }),
    hints: z.array(z.string()).optional(),
    attestation: z.enum(['none', 'indirect', 'direct', 'enterprise']),
    extensions: z.object({ credProps: z.literal(true) }),
  })
  .meta({
    id: 'RegistrationOptions',
    description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON`',
  });

/** `PublicKeyCredentialRequestOptionsJSON` of WebAuthn. */
const requestOptions = z
  .object({
    rpId: z.string(),
    challenge: z.string(),
    timeout: z.int().optional().meta({ description: 'Milliseconds. Absent with `mediation: "conditional"`' }),
    allowCredentials: z.array(descriptor).optional(),
    userVerification: requirement,
    hints: z.array(z.string()).optional(),
  })
  .meta({
    id: 'AuthenticationOptions',
    description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON`',
  });

const begun = <Options extends z.ZodType>(options: Options) =>
  z.object({
    ceremony: z.string().meta({
      description:
        'An opaque text of at most 2 KB. Keep it in your server’s session with the browser, and send it back at the end',
    }),
    options,
    expiresAt: time.meta({ description: 'When the ceremony ends' }),
    mediation: mediation.optional(),
  });

const operation = z.object({
  month,
  status: z.enum(['counted', 'already-counted']).meta({
    description: 'Whether this ceremony counted the user as an active user of the month',
  }),
});

/** The arguments of the Signal API of browsers. */
const allSignals = z
  .object({
    currentUserDetails: z
      .object({ rpId: z.string(), userId: z.string(), name: z.string(), displayName: z.string() })
      .optional()
      .meta({ description: 'For `PublicKeyCredential.signalCurrentUserDetails`' }),
    allAcceptedCredentials: z
      .object({ rpId: z.string(), userId: z.string(), allAcceptedCredentialIds: z.array(z.string()) })
      .optional()
      .meta({ description: 'For `PublicKeyCredential.signalAllAcceptedCredentials`. Only with `signals: true`' }),
  })
  .meta({ id: 'Signals', description: 'The arguments of the Signal API of browsers' });

export const requestRegistrationOptionsContract = {
  summary:
    'Begin a registration: request the options for `navigator.credentials.create`. Request them only for a person who is signed in, or who is new',
  body: z.strictObject({
    userId,
    createUser: z.boolean().default(false).meta({
      description:
        'Whether the user is new. With `true`, the user must not exist yet, now and at the end; otherwise, the user must exist',
    }),
    user: z
      .strictObject({
        userName: userName.optional(),
        displayName: displayName.nullish(),
        userHandle: userHandle.optional(),
      })
      .optional()
      .meta({ description: 'Only with `createUser: true`' }),
    authenticatorSelection: z
      .strictObject({
        authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
        residentKey: requirement.optional(),
        userVerification: requirement.optional(),
      })
      .optional()
      .meta({ description: 'The `authenticatorSelection` of WebAuthn. Defaults: the settings of the RP' }),
    hints: hints.optional(),
    attestation: z
      .enum(['none', 'indirect', 'direct', 'enterprise'])
      .optional()
      .meta({ description: 'The `attestation` of WebAuthn. Default: the setting of the RP' }),
    timeoutSeconds: timeoutSeconds.optional(),
    mediation: conditionalCreation.optional(),
    context: context.optional(),
  }),
  answer: { status: 200, description: 'The ceremony and its options', body: begun(creationOptions) },
} as const satisfies Contract;
export type RegistrationRequest = z.output<typeof requestRegistrationOptionsContract.body>;
export type RegistrationOptions = z.input<typeof creationOptions>;

export const registerCredentialContract = {
  summary:
    'End a registration: verify the response of `navigator.credentials.create`, store the credential, and count the user as an active user of the month',
  body: z.strictObject({
    ceremony,
    response: registrationResponse,
    context: context.optional(),
    user: z.strictObject({ attributes: attributes.nullish() }).optional().meta({
      description: 'Only for a new user',
    }),
    credential: z.strictObject({ name: credentialName.optional(), attributes: attributes.nullish() }).optional(),
    dryRun: z.boolean().default(false).meta({
      description: 'Verifies everything, but stores nothing, counts nothing and does not use the ceremony up',
    }),
    signals: signals.default(false),
    token: asksForToken,
  }),
  idempotencyKey: true,
  answer: {
    status: 201,
    description: 'The user and the new credential',
    dryRun: 'With `dryRun: true`: the user and the credential as the service would store them',
    body: z.object({
      user,
      credential,
      operation: operation.nullable().meta({ description: 'Null with `dryRun`' }),
      signals: allSignals,
      token,
      dryRun: z.literal(true).optional(),
    }),
  },
} as const satisfies Contract;
export type RegistrationEnd = z.output<typeof registerCredentialContract.body>;

export const requestAuthenticationOptionsContract = {
  summary:
    'Begin an authentication: request the options for `navigator.credentials.get`. With `userId`, only credentials of this user are accepted; without it, any credential of the RP',
  body: z.strictObject({
    userId: userId.optional(),
    credentialIds: z
      .array(bytes(1_364))
      .min(1)
      .max(20)
      .optional()
      .meta({ description: 'Restricts the ceremony to some credentials of the user `userId`' }),
    userVerification: requirement.optional().meta({ description: 'Default: the setting of the RP' }),
    hints: hints.optional(),
    timeoutSeconds: timeoutSeconds.optional(),
    mediation: conditionalSignIn.optional(),
    context: context.optional(),
    concealUnknownUser: z.boolean().default(false).meta({
      description:
        'Whether the response conceals that the user is unknown, is disabled or has no credential. Such a ceremony ends with `sign-in-refused`',
    }),
  }),
  answer: { status: 200, description: 'The ceremony and its options', body: begun(requestOptions) },
} as const satisfies Contract;
export type AuthenticationRequest = z.output<typeof requestAuthenticationOptionsContract.body>;
export type AuthenticationOptions = z.input<typeof requestOptions>;

export const authenticateUserContract = {
  summary:
    'End an authentication: verify the response of `navigator.credentials.get`, and count the user as an active user of the month',
  body: z.strictObject({
    ceremony,
    response: authenticationResponse,
    context: context.optional(),
    signals: signals.default(false),
    token: asksForToken,
  }),
  idempotencyKey: true,
  answer: {
    status: 200,
    description: 'The user who signed in, and the credential',
    body: z.object({
      user,
      credential,
      userVerified: z.boolean().meta({
        description:
          'Whether the authenticator verified the user in this ceremony. Check it where the passkey is the only factor',
      }),
      signCountIncreased: z.literal(false).optional().meta({
        description:
          'Present if the sign count did not increase, which may mean that the authenticator was cloned. Only with the setting `signCount: "report"`',
      }),
      backupEligibilityChanged: z.literal(true).optional().meta({
        description:
          'Present if the flag BE differs from its value at the registration. Only with the setting `backupEligibility: "report"`',
      }),
      operation,
      signals: allSignals,
      token,
    }),
  },
} as const satisfies Contract;
export type AuthenticationEnd = z.output<typeof authenticateUserContract.body>;
