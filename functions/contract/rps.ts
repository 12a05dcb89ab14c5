import * as z from 'zod';
import type { Contract } from './contract.ts';
import { asciiDomainOf, isDomainName } from './values/domain-names.ts';
import { fault } from './errors/field-errors.ts';
import { listOf, page } from './values/pages.ts';
import { rpSettingsEdit } from './rp-settings.ts';
import { rp, rpDetails } from './rp-views.ts';
import { givenId, hasSome, line, time } from './values/values.ts';

/** An RP ID, in WebAuthn "a valid domain string identifying the WebAuthn Relying Party". */
const rpDomain = z
  .string()
  .trim()
  .max(253, { abort: true })
  .overwrite(asciiDomainOf)
  .refine(isDomainName, fault('not-a-domain-name'))
  .meta({
    description:
      'The RP ID of WebAuthn: a domain name, in Unicode or in ASCII (punycode). Responses contain it in ASCII and lower case. A public suffix, such as `com`, `co.uk` or `github.io`, is refused',
    examples: ['shop.example.com'],
  });
const rpName = line(200).meta({ description: 'Name of the RP', examples: ['Example Shop'] });
const apiKeyName = line(200).meta({ description: 'The purpose of the API key', examples: ['Production'] });

const params = z.strictObject({ id: givenId('rp') });

export const listRpsContract = {
  summary: 'List the RPs',
  query: page,
  answer: { status: 200, description: 'A page of RPs', body: listOf(rp) },
} as const satisfies Contract;

export const registerRpContract = {
  summary:
    'Register an RP. With a Free license, a customer can register at most 10 RPs in a month, including removed RPs, or as many as its maximum of RPs if this maximum is higher',
  body: z.strictObject({ rpId: rpDomain, name: rpName }),
  answer: { status: 201, description: 'The RP', body: rp },
} as const satisfies Contract;

export const getRpContract = {
  summary: 'Read an RP with its settings',
  params,
  answer: { status: 200, description: 'The RP', body: rpDetails, etag: true },
} as const satisfies Contract;

export const editRpContract = {
  summary: 'Edit the name or the settings of an RP. API keys use the new settings at most 10 seconds after the edit',
  params,
  body: z
    .strictObject({ name: rpName.optional(), settings: rpSettingsEdit.optional() })
    .refine(...hasSome('name', 'settings')),
  ifMatch: 'optional',
  answer: { status: 200, description: 'The RP', body: rpDetails, etag: true },
} as const satisfies Contract;
export type RpEdit = z.output<typeof editRpContract.body>;

export const verifyRpContract = {
  summary:
    'Look for the DNS record of an RP. If the service finds it, the RP is verified for good. Otherwise, the response is the problem `rp-not-verified` with the records that the service found',
  params,
  answer: { status: 200, description: 'The RP', body: rpDetails, etag: true },
} as const satisfies Contract;

export const removeRpContract = {
  summary:
    'Remove an RP with its API keys and users. The MAU of earlier months and of the current month still include the users of the RP. An RP that is registered later with the same RP ID is a new RP: a user who is active at both RPs in the same month counts twice. A caller with a passkey must have signed in within the last 5 minutes',
  params,
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;

/**
 * The types of API keys. Requests to the routes of the OpenAPI document have a `bearer` key. The other types are for
 * requests in the FSS format.
 */
const apiKeyTypes = ['bearer', 'access-key', 'date-signature', 'nonce-signature'] as const;
const apiKey = z
  .object({
    keyId: z.string(),
    name: z.string(),
    type: z.enum(apiKeyTypes).meta({
      description:
        'The way in which the server of the RP proves that it has the key. `bearer` keys are for the routes of this document. All other types are for requests in the FSS format',
    }),
    createdAt: time,
    createdBy: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'The administrator who created the API key. Null if the administrator was removed' }),
    lastUsedAt: time
      .nullable()
      .meta({ description: 'The time of the last use, or up to an hour before it. Null before the first use' }),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.output<typeof apiKey>;

/** The answer that contains a new API key of the type `bearer`. */
export const createdBearerKey = apiKey
  .extend({ type: z.literal('bearer'), apiKey: z.string() })
  .meta({ id: 'CreatedApiKey' });
/** The answer that contains a new API key of another type. */
export const createdFssKey = apiKey
  .extend({
    type: z.enum(apiKeyTypes).exclude(['bearer']),
    apiAuthId: z.string().meta({ description: 'The value of the header `X-Fss-Api-Auth-Id`. Equal to `keyId`' }),
    secretKey: z.string().meta({
      description:
        'With `access-key`: the value of the header `X-Fss-Auth-Access-Key`. With the other types: the private key, PKCS #8 in base64url, of which the service keeps no copy',
    }),
  })
  .meta({ id: 'CreatedFssKey' });

export const listApiKeysContract = {
  summary: 'List the API keys of an RP',
  params,
  query: page,
  answer: {
    status: 200,
    description:
      'A page of API keys, without their secrets. For a moment, the list may lack a new API key, or contain one that was just deleted',
    body: listOf(apiKey).extend({ maximum: z.int().meta({ description: 'The most API keys that an RP can have' }) }),
  },
} as const satisfies Contract;

export const createApiKeyContract = {
  summary: 'Create an API key for an RP. A caller with a passkey must have signed in within the last 5 minutes',
  params,
  body: z.strictObject({ name: apiKeyName, type: z.enum(apiKeyTypes).default('bearer') }),
  answer: {
    status: 201,
    description: 'The API key with its secret, which no later response contains',
    body: z.union([createdBearerKey, createdFssKey]),
  },
} as const satisfies Contract;

export const deleteApiKeyContract = {
  summary: 'Delete an API key. The service accepts the key for at most 10 seconds after the deletion',
  params: z.strictObject({ id: givenId('rp'), keyId: givenId('key') }),
  answer: { status: 204, description: 'Deleted' },
} as const satisfies Contract;
