import * as z from 'zod';
import { attributes, line } from '../values/values.ts';
import { registrant } from './users.ts';
import { flag, fssAttributes, lookedUp, objectOrText } from './values.ts';

/** The bodies of the calls of the WebAuthn ceremonies in the FSS format. */

const requirement = z.enum(['required', 'preferred', 'discouraged']);
const optionsBase = {
  timeout: z.number().positive().nullish(),
  hints: z
    .array(z.enum(['security-key', 'client-device', 'hybrid']))
    .max(3)
    .nullish(),
  // At most 2 KB, so that nobody can make the service walk through a megabyte of nested values.
  extensions: attributes.nullish(),
};

/** The name of a credential: a text, or one text for each case. */
const credentialName = z.preprocess(
  (name) => (typeof name === 'string' ? { name } : name),
  z
    .object({
      name: line(200),
      nameIfModelNameExists: line(200).nullish(),
      nameIfEnterpriseAttestationExists: line(200).nullish(),
    })
    .nullish(),
);
export type FssCredentialName = NonNullable<z.output<typeof credentialName>>;

export const startRegistrationBody = z.object({
  creationOptionsBase: z
    .object({
      ...optionsBase,
      authenticatorSelection: z
        .object({
          authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
          residentKey: requirement.nullish(),
          requireResidentKey: z.boolean().nullish(),
          userVerification: requirement.nullish(),
        })
        .nullish(),
      attestation: z.enum(['none', 'indirect', 'direct', 'enterprise']).nullish(),
    })
    .nullish(),
  user: registrant,
  options: z
    .object({
      createUserIfNotExists: flag,
      updateUserIfExists: flag,
      credentialName,
      credentialAttributes: fssAttributes,
    })
    .nullish(),
});
export type StartedRegistration = z.output<typeof startRegistrationBody>;

/** Returns the transports in a list, in a JSON text of one, or in a text with commas. */
function transportsIn(transports: string | readonly unknown[]): unknown {
  if (typeof transports !== 'string') return transports;
  return transports.trim().startsWith('[') ? objectOrText.parse(transports) : transports.split(/\s*,\s*/);
}

export const endRegistrationBody = z.object({
  createResponse: z.object({
    attestationResponse: objectOrText,
    transports: z
      .union([z.string(), z.array(z.unknown())])
      .transform(transportsIn)
      .nullish(),
  }),
  options: z.object({ credentialName }).nullish(),
});

export const startAuthenticationBody = z.object({
  requestOptionsBase: z.object({ ...optionsBase, userVerification: requirement.nullish() }).nullish(),
  userId: lookedUp.nullish(),
});

export const finishAuthenticationBody = z.object({
  requestResponse: z.object({ attestationResponse: objectOrText }),
});
